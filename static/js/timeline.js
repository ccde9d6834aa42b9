/* The list of steps while it grows: it follows the newest step until the reader scrolls up, then says how many came,
 * and whatever is put in or taken out, what is being read stays where it is. */
(() => {
  'use strict';
  const NEAR = 48;
  const SAY_EVERY = 6000;
  const scroller = () => document.querySelector('[data-timeline]');
  const waiting = () => document.querySelector('[data-new-steps]');
  const followButton = () => document.querySelector('[data-follow]');
  let unread = 0;
  let following = false;
  let held = false; // at a step that was asked for, until the reader moves
  let saidAt = 0;
  let sayLater = 0;

  // On narrow screens the list is part of the page and never moves it by itself. Remembered: asking has the page styled.
  let scrolls = null;
  addEventListener('resize', () => (scrolls = null), { capture: true, passive: true });
  const scrollsItself = (element) => (scrolls ??= ['auto', 'scroll'].includes(getComputedStyle(element).overflowY));

  const atEnd = (element) => {
    if (held) return false;
    return scrollsItself(element)
      ? element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
      : element.getBoundingClientRect().bottom < innerHeight + NEAR;
  };

  const isLive = () => document.querySelector('#viewer-slot[data-keep^="ended"]') === null;

  const inWords = () => (unread === 1 ? '1 new step' : `${unread} new steps`);

  /** A screen reader is told now and then, not at each step. */
  const say = () => {
    clearTimeout(sayLater);
    const wait = saidAt + SAY_EVERY - Date.now();
    if (wait > 0) {
      sayLater = setTimeout(say, wait);
      return;
    }
    saidAt = Date.now();
    const line = document.querySelector('[data-new-steps-said]');
    if (line) line.textContent = unread ? inWords() : '';
  };

  const showUnread = () => {
    const button = waiting();
    button.hidden = unread === 0;
    if (unread) button.textContent = inWords();
    say();
  };

  const showFollow = () => {
    const [element, button] = [scroller(), followButton()];
    if (!element || !button) return;
    button.hidden = !isLive() || !scrollsItself(element);
    button.setAttribute('aria-pressed', String(following));
  };

  const toEnd = (element) => {
    if (scrollsItself(element)) element.scrollTop = element.scrollHeight;
    else element.querySelector('#steps').lastElementChild?.scrollIntoView({ block: 'end' });
    unread = 0;
    showUnread();
  };

  const follow = (yes) => {
    following = yes;
    if (yes) toEnd(scroller());
    showFollow();
  };

  const hold = () => {
    held = true;
    follow(false);
  };
  const letGo = () => (held = false);
  for (const act of ['wheel', 'pointerdown', 'touchstart', 'keydown']) addEventListener(act, letGo, { passive: true, capture: true });

  const scrolled = () => {
    const element = scroller();
    following = atEnd(element) && isLive() && scrollsItself(element);
    if (atEnd(element) && unread) toEnd(element);
    showFollow();
  };

  /** The first card in sight and where it is, to be put there again after a change. */
  const place = () => {
    const element = scroller();
    if (!element || !scrollsItself(element) || following) return () => following && toEnd(element);
    const top = element.getBoundingClientRect().top;
    const card = [...document.querySelectorAll('#steps > .step')].find((each) => each.getBoundingClientRect().bottom > top);
    const before = card?.getBoundingClientRect().top;
    return () => {
      const now = card && document.getElementById(card.id);
      if (now?.checkVisibility()) element.scrollTop += now.getBoundingClientRect().top - before;
    };
  };

  const keepPlace = (change) => {
    const back = place();
    change();
    back();
  };

  const showLocation = (cards) => {
    if (document.querySelector('[data-viewer="live"] [data-speaks]')) return; // the live picture says it, and sooner
    const pages = cards.flatMap((card) => [...card.querySelectorAll('[data-url]')]);
    const output = document.getElementById('location');
    if (output && pages.length) output.textContent = pages.at(-1).dataset.url;
  };

  let back = () => {};
  let wasAtEnd = true;
  document.addEventListener('live:before', () => {
    const element = scroller();
    wasAtEnd = element ? following || atEnd(element) : true;
    back = place();
  });
  document.addEventListener('live:steps', ({ detail }) => showLocation(detail.cards));
  // When every part of the page has taken them in, so that the page is laid out once.
  document.addEventListener('live:settled', ({ detail }) => {
    const element = scroller();
    if (!element) return;
    if (!wasAtEnd || !scrollsItself(element)) {
      back();
      if (!atEnd(element)) {
        unread += detail.added;
        showUnread();
      }
    } else {
      toEnd(element);
    }
    showFollow();
  });
  document.addEventListener('live:changed', showFollow);
  // The rows that take the place of a gap.
  document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
    if (ctx.target?.matches?.('[data-gap]')) back = place();
  });
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (!ctx.target?.matches?.('[data-gap]')) return;
    back();
    document.dispatchEvent(new CustomEvent('timeline:rows'));
  });
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
    if (event.target.closest('[data-new-steps]')) {
      follow(isLive() && scrollsItself(scroller()));
      toEnd(scroller());
    } else if (event.target.closest('[data-follow]')) follow(!following);
  });
  addEventListener('DOMContentLoaded', () => {
    const element = scroller();
    if (!element) return;
    if (isLive() && scrollsItself(element) && !location.hash) follow(true);
    element.addEventListener('scroll', scrolled, { passive: true });
    addEventListener('scroll', showFollow, { passive: true });
    addEventListener('resize', showFollow, { passive: true });
    showFollow();
  });

  window.timeline = { hold, isHeld: () => held, keepPlace, scroller, scrollsItself };
})();
