/* Asks for the live picture while the page is still being read. htmx then takes this answer when it asks for the same.
 * Loaded blocking, in the head, before the style sheets: a script waits for those that stand before it.
 */
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
