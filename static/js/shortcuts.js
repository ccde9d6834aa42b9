/* Keys. What a key sequence opens stands in the shortcuts dialog itself, as links with data-shortcut. */
(() => {
  'use strict';
  const PATIENCE = 1200;
  let first = '';
  let firstAt = 0;

  const typing = (element) => element.closest('input, textarea, select, [contenteditable], dialog');

  const press = {
    '/': () => document.querySelector('[type="search"], #id_q')?.focus(),
    '?': () => document.getElementById('shortcuts')?.showModal(),
    f: () => document.querySelector('[data-follow]')?.click(),
  };

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const sequence = Date.now() - firstAt < PATIENCE ? `${first} ${event.key}` : event.key;
    const link = document.querySelector(`[data-shortcut="${CSS.escape(sequence)}"]`);
    [first, firstAt] = [event.key, Date.now()];
    if (link) location.assign(link.href);
    else if (press[event.key]) {
      event.preventDefault();
      press[event.key]();
    }
  });
})();
