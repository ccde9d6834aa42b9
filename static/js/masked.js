/* An address that was shown on request goes away again: by its button, and when the page is left. */
(() => {
  'use strict';
  let asking = null;

  document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
    if (ctx.target?.id === 'cdp' && !asking) asking = ctx.target.cloneNode(true);
  });

  const hide = () => {
    const shown = document.getElementById('cdp');
    if (!asking || !shown) return;
    const again = asking.cloneNode(true);
    shown.replaceWith(again);
    htmx.process(again);
  };

  document.addEventListener('click', ({ target }) => target.closest('[data-cdp-hide]') && hide());
  addEventListener('pagehide', hide);
})();
