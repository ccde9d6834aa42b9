/* Asks for the live picture while the page is still being read; htmx takes this answer. Scripts wait for style sheets before them. */
(() => {
  'use strict';
  const url = new URL(document.currentScript.dataset.ahead, location.href);
  url.searchParams.set('theme', document.documentElement.dataset.bsTheme);
  const asked = fetch(url, { headers: { 'HX-Request': 'true', Accept: 'text/html' } });
  asked.catch(() => {}); // said by htmx, which waits for the same

  const take = ({ detail: { ctx } }) => {
    if (ctx.request.action !== url.pathname + url.search) return;
    document.removeEventListener('htmx:before:request', take);
    ctx.fetch = () => asked;
  };
  document.addEventListener('htmx:before:request', take);
})();
