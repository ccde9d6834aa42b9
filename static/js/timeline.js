/* Follow mode: new steps scroll into view only while the reader is at the end; otherwise a button says how many came. */
(() => {
  'use strict';
  const NEAR = 48;
  const scroller = () => document.querySelector('[data-timeline]');
  const waiting = () => document.querySelector('[data-new-steps]');
  const followButton = () => document.querySelector('[data-follow]');
  let unread = 0;

  // On narrow screens the list is part of the page and never moves it by itself.
  const scrollsItself = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY);

  const atEnd = (element) =>
    scrollsItself(element)
      ? element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
      : element.getBoundingClientRect().bottom < innerHeight + NEAR;

  const isLive = () => document.querySelector('#viewer-slot[data-keep^="ended"]') === null;

  const showUnread = () => {
    const button = waiting();
    button.hidden = unread === 0;
    button.textContent = unread === 1 ? '1 new step' : `${unread} new steps`;
  };

  const toEnd = (element) => {
    if (scrollsItself(element)) element.scrollTop = element.scrollHeight;
    else element.lastElementChild.lastElementChild?.scrollIntoView({ block: 'end' });
    unread = 0;
    showUnread();
  };

  const showFollow = () => {
    const [element, button] = [scroller(), followButton()];
    if (!element || !button) return;
    button.hidden = !isLive() || !scrollsItself(element);
    button.setAttribute('aria-pressed', String(atEnd(element)));
    if (atEnd(element) && unread) toEnd(element);
  };

  const showLocation = (cards) => {
    const pages = cards.flatMap((card) => [...card.querySelectorAll('[data-url]')]);
    const output = document.getElementById('location');
    if (output && pages.length) output.textContent = pages.at(-1).dataset.url;
  };

  let wasAtEnd = true;
  document.addEventListener('live:before', () => {
    const element = scroller();
    wasAtEnd = element ? atEnd(element) : true;
  });
  document.addEventListener('live:steps', ({ detail }) => {
    const element = scroller();
    if (!element) return;
    showLocation(detail.cards);
    if (wasAtEnd && scrollsItself(element)) {
      toEnd(element);
    } else if (!atEnd(element)) {
      unread += detail.added;
      showUnread();
    }
    showFollow();
  });
  document.addEventListener('live:changed', showFollow);
  // A picture that was asked for while the server was away is asked for again. "error" does not bubble.
  const RETRIES = 5;
  document.addEventListener(
    'error',
    ({ target }) => {
      const tried = Number(target.dataset?.tried ?? 0);
      if (!target.matches?.('.step-shot img') || tried >= RETRIES) return;
      target.dataset.tried = tried + 1;
      setTimeout(() => target.setAttribute('src', target.getAttribute('src')), 1000 * 2 ** tried);
    },
    true,
  );
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-new-steps], [data-follow]')) toEnd(scroller());
  });
  addEventListener('DOMContentLoaded', () => {
    const element = scroller();
    if (!element) return;
    if (isLive() && scrollsItself(element) && !location.hash) toEnd(element);
    element.addEventListener('scroll', showFollow, { passive: true });
    addEventListener('scroll', showFollow, { passive: true });
    addEventListener('resize', showFollow, { passive: true });
    showFollow();
  });
})();
