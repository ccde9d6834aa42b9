/* The frame of the live picture: its shape, the moment it has loaded, and trying again. */
(() => {
  'use strict';

  const shape = (panel) => {
    const [width, height] = [Number(panel.dataset.width), Number(panel.dataset.height)];
    // By the object model: a style attribute would be against the page's content policy.
    if (width > 0 && height > 0) panel.style.setProperty('--viewer-ratio', `${width} / ${height}`);
  };

  /** Without a live picture, the newest one of the timeline stands behind the reason. */
  const showBehind = (slot) => {
    slot.querySelector('.viewer-behind')?.remove();
    const newest = [...document.querySelectorAll('.step-shot')].at(-1);
    if (!newest) return;
    const picture = document.createElement('img');
    picture.className = 'viewer-picture viewer-behind';
    picture.alt = '';
    picture.src = newest.href;
    slot.prepend(picture);
  };

  const swapped = (event) => {
    const slot = event.target.closest?.('#viewer-slot');
    if (!slot) return;
    if (slot.querySelector('.viewer-frame')) slot.querySelector('.viewer-behind')?.remove();
    else showBehind(slot);
  };

  const asks = ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches?.('.viewer-live')) ctx.request.body.set('theme', document.documentElement.dataset.bsTheme);
  };

  const failed = (event) => {
    const slot = event.target.closest?.('#viewer-slot');
    if (!slot) return;
    slot.querySelector('.viewer-live').hidden = true;
    slot.querySelector('.viewer-failed').hidden = false;
    showBehind(slot);
  };

  const retry = (button) => {
    const slot = button.closest('#viewer-slot');
    const live = slot.querySelector('.viewer-live');
    slot.querySelector('.viewer-failed').hidden = true;
    live.hidden = false;
    htmx.trigger(live, 'retry');
  };

  addEventListener('DOMContentLoaded', () => document.querySelectorAll('.viewer-panel').forEach(shape));
  // "load" of a frame does not bubble, but it can be caught on the way down.
  document.addEventListener(
    'load',
    (event) => {
      if (event.target.matches?.('.viewer-frame')) event.target.parentElement.querySelector('[data-viewer-waits]')?.remove();
    },
    true,
  );
  document.addEventListener('htmx:config:request', asks);
  document.addEventListener('htmx:after:swap', swapped);
  document.addEventListener('htmx:error', failed);
  document.addEventListener('htmx:response:error', failed);
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-viewer-retry]');
    if (button) retry(button);
  });
})();
