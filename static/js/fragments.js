/* Puts pushed fragments into the page without taking away what the reader has opened, focused or loaded. */
(() => {
  'use strict';

  const parsed = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content;
  };

  const FOCUSABLE = 'a, button, summary, [tabindex]';

  const carryOver = (before, after) => {
    const details = [...after.querySelectorAll('details')];
    before.querySelectorAll('details').forEach((element, index) => {
      if (details[index]) details[index].open = element.open;
    });
    // A picture that is already there is moved, not loaded again.
    const pictures = new Map([...before.querySelectorAll('img')].map((image) => [image.getAttribute('src'), image]));
    after.querySelectorAll('img').forEach((image) => {
      const known = pictures.get(image.getAttribute('src'));
      if (known) image.replaceWith(known);
    });
  };

  const replace = (before, after) => {
    const focused = [...before.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    carryOver(before, after);
    before.replaceWith(after);
    htmx.process(after);
    if (focused >= 0) after.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
  };

  /** Whole step cards, in order: each replaces the one with its id or goes to the end. */
  const putSteps = (html) => {
    const list = document.getElementById('steps');
    const cards = [...parsed(html).children];
    document.dispatchEvent(new CustomEvent('live:before'));
    list.querySelector('[data-empty]')?.remove();
    let added = 0;
    for (const card of cards) {
      const before = document.getElementById(card.id);
      if (before) {
        replace(before, card);
      } else {
        card.dataset.fresh = 'yes';
        list.append(card);
        htmx.process(card);
        added += 1;
      }
    }
    for (const type of ['live:steps', 'live:settled']) document.dispatchEvent(new CustomEvent(type, { detail: { added, cards } }));
    document.dispatchEvent(new CustomEvent('live:changed'));
  };

  const sameKeep = (before, after) => before.dataset.keep && before.dataset.keep === after.dataset.keep;

  const putFragment = ({ id, html }) => {
    const before = document.getElementById(id);
    const after = parsed(html).firstElementChild;
    if (!before || !after || sameKeep(before, after)) return;
    replace(before, after);
    const title = after.dataset.pageTitle;
    if (title) document.title = [title, ...document.title.split(' · ').slice(1)].join(' · ');
  };

  const putState = (fragments) => {
    fragments.forEach(putFragment);
    document.dispatchEvent(new CustomEvent('live:changed'));
  };

  window.fragments = { putSteps, putState };
})();
