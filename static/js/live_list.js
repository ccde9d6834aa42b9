/* After "3 new sessions" was pressed: the new rows are marked, and the keyboard goes on at the first of them. */
(() => {
  'use strict';
  let before = null;

  const rows = () => [...document.querySelectorAll('#results [data-run-id]')];

  document.addEventListener('click', (event) => {
    if (event.target.closest('#list-news a')) before = new Set(rows().map((row) => row.dataset.runId));
  });

  document.addEventListener('htmx:after:swap', () => {
    if (!before || !document.querySelector('#list-news')) return;
    const fresh = rows().filter((row) => !before.has(row.dataset.runId));
    before = null;
    for (const row of fresh) row.dataset.fresh = 'yes';
    fresh[0]?.querySelector('.run-link')?.focus({ preventScroll: true });
  });
})();
