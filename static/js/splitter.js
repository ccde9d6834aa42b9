/* The bar between the browser and the steps: dragged or moved by keys, and remembered in this browser. */
(() => {
  'use strict';
  const KEY = 'split';
  const [LEAST, MOST, USUAL, STEP] = [25, 75, 57, 2];

  const remembered = () => {
    try {
      return Number(localStorage.getItem(KEY)) || USUAL;
    } catch {
      return USUAL; // storage may be forbidden
    }
  };

  const remember = (share) => {
    try {
      localStorage.setItem(KEY, String(share));
    } catch {
      // it holds for this page only
    }
  };

  const set = (bar, share) => {
    const value = Math.round(Math.min(MOST, Math.max(LEAST, share)));
    bar.setAttribute('aria-valuenow', String(value));
    // By the object model: a style attribute would be against the page's content policy.
    bar.parentElement.style.setProperty('--split', `${value}fr`);
    bar.parentElement.style.setProperty('--split-rest', `${100 - value}fr`);
    return value;
  };

  const shareAt = (bar, x) => {
    const { left, width } = bar.parentElement.getBoundingClientRect();
    return ((x - left) / width) * 100;
  };

  const drag = (bar, event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    bar.parentElement.dataset.dragging = 'yes';
    const move = ({ clientX }) => set(bar, shareAt(bar, clientX));
    const end = () => {
      bar.removeEventListener('pointermove', move);
      delete bar.parentElement.dataset.dragging;
      remember(bar.getAttribute('aria-valuenow'));
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', end, { once: true });
  };

  const press = (bar, event) => {
    const now = Number(bar.getAttribute('aria-valuenow'));
    const next = { ArrowLeft: now - STEP, ArrowRight: now + STEP, Home: LEAST, End: MOST, Enter: USUAL }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    remember(set(bar, next));
  };

  const start = (bar) => {
    set(bar, remembered());
    bar.addEventListener('pointerdown', (event) => drag(bar, event));
    bar.addEventListener('keydown', (event) => press(bar, event));
    bar.addEventListener('dblclick', () => remember(set(bar, USUAL)));
  };

  addEventListener('DOMContentLoaded', () => document.querySelectorAll('[data-splitter]').forEach(start));
})();
