/* The panel that shows what a start form would send: asked for again when the form changes, shown as one of four languages. */
(() => {
  'use strict';
  const PANEL = 'request-code';
  const panel = () => document.getElementById(PANEL);
  const formOf = (element) => element.closest?.('#start-form');

  const tellStale = () => panel()?.dispatchEvent(new CustomEvent('stale'));

  const show = (name) => {
    panel().dataset.shown = name;
    document.getElementById('copy-code').dataset.copyFrom = `code-${name}`;
  };

  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, (event) => {
      if (event.target.name === 'code-shown') show(event.target.value);
      else if (formOf(event.target)) tellStale();
    });
  }

  // Rows that come and go are no input, and a form that is put back from a draft brings other ones.
  const rows = new MutationObserver((changes) => {
    if (changes.some(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes].some(holdsControls))) tellStale();
  });
  const holdsControls = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches('[name]') || node.querySelector('[name]'));

  addEventListener('DOMContentLoaded', () => {
    const columns = panel()?.closest('.form-columns');
    if (!columns) return;
    rows.observe(columns.querySelector('#start-form').parentElement, { childList: true, subtree: true });
    show(document.querySelector('[name="code-shown"]:checked').value);
  });

  // Its field belongs to the start form, whose own button Enter would press.
  document.addEventListener('keydown', (event) => {
    const button = event.key === 'Enter' && event.target.dataset?.enter;
    if (!button) return;
    event.preventDefault();
    document.getElementById(button).click();
  });
})();
