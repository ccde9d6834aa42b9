/* Buttons with data-copy (the text), data-copy-from (the id of the element that holds it) or data-copy-link (a place on the page). */
(() => {
  'use strict';

  // The clipboard API is missing on plain http, where such dashboards often live.
  const copyTheOldWay = (text) => {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyTheOldWay(text);
    }
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy], [data-copy-from], [data-copy-link]');
    if (!button) return;
    const { copy: text, copyFrom, copyLink } = button.dataset;
    const link = copyLink && new URL(copyLink, location.href.split(/[?#]/)[0]).href;
    const done = await copy(text ?? link ?? document.getElementById(copyFrom).textContent);
    const detail = done ? { text: 'Copied', tone: 'success' } : { text: 'The browser did not allow copying', tone: 'error' };
    document.dispatchEvent(new CustomEvent('toast', { detail }));
  });
})();
