/* Steps that the page does not show yet: gaps are filled as one scrolls to them, and a link to a step loads its part.
 * j and k go from step to step; the step one is at is in the address. */
(() => {
  'use strict';
  const panel = () => document.querySelector('[data-timeline-panel]');
  const cardOf = (number) => document.getElementById(`step-${number}`);
  const isGap = (element) => element.matches('[data-gap]');
  const numberIn = (hash) => Number(/^#step-(\d{1,9})$/.exec(hash)?.[1] ?? 0);
  let linked = 0;
  let awaited = 0; // a step whose gap is being filled for another reason

  const gapWith = (number) =>
    [...document.querySelectorAll('[data-gap]')].find(({ dataset }) => Number(dataset.first) <= number && number <= Number(dataset.last));

  const load = async (gap, at) => {
    gap.dataset.loading = 'yes';
    const { first, last } = gap.dataset;
    const query = new URLSearchParams({ first, last, at });
    await htmx.ajax('GET', `${panel().dataset.stepsPath}?${query}`, { source: gap, target: gap, swap: 'outerHTML' });
    delete gap.dataset.loading;
  };

  const mark = () => {
    const card = cardOf(linked);
    document.querySelectorAll('.step[aria-current]').forEach((each) => each !== card && each.removeAttribute('aria-current'));
    card?.setAttribute('aria-current', 'step');
  };

  const bringIntoView = (card) => {
    const { scroller, scrollsItself } = window.timeline;
    const element = scroller();
    if (!scrollsItself(element)) return card.scrollIntoView({ block: 'start' });
    panel().scrollIntoView({ block: 'nearest' });
    const [inside, box] = [card.getBoundingClientRect(), element.getBoundingClientRect()];
    if (inside.top < box.top || inside.bottom > box.bottom) element.scrollTop += inside.top - box.top - 8;
  };

  const SETTLED = 12;
  /** Cards out of sight have a guessed height: while they get their true one, the card is put back into view. */
  const settle = (card, frames = SETTLED) => {
    if (!card || card !== cardOf(linked) || !frames || !window.timeline.isHeld()) return;
    bringIntoView(card);
    requestAnimationFrame(() => settle(card, frames - 1));
  };

  const show = (card) => {
    settle(card);
    card.querySelector('.step-card').focus({ preventScroll: true });
  };

  /** Loads the step when it is not there, and takes away what hides it. */
  const reveal = async (number) => {
    const gap = cardOf(number) ? null : gapWith(number);
    awaited = gap?.dataset.loading ? number : 0;
    if (awaited) return;
    if (gap) await load(gap, number);
    const card = cardOf(number);
    if (!card) {
      const text = gapWith(number) ? `Step ${number} could not be loaded. Try again in a moment.` : `There is no step ${number} here`;
      const detail = { text, tone: 'warning' };
      document.dispatchEvent(new CustomEvent('toast', { detail }));
      return;
    }
    window.timeline.hold();
    card.dispatchEvent(new CustomEvent('timeline:reveal', { bubbles: true }));
    linked = number;
    mark();
    show(card);
  };

  const revealAwaited = () => awaited && reveal(awaited);

  const select = (number) => {
    history.replaceState(history.state, '', `#step-${number}`);
    return reveal(number);
  };

  const seen = () => [...document.getElementById('steps').children].filter((each) => each.checkVisibility());

  const inSight = (all) => {
    const top = window.timeline.scroller().getBoundingClientRect().top;
    return all.findIndex((each) => each.getBoundingClientRect().bottom > Math.max(top, 0) + 8);
  };

  const go = (by) => {
    const all = seen();
    const at = all.findIndex((each) => each === cardOf(linked));
    const next = all[at < 0 ? inSight(all) : at + by];
    if (!next) return;
    if (isGap(next)) select(Number(by > 0 ? next.dataset.first : next.dataset.last));
    else if (next.dataset.stepNumber) select(Number(next.dataset.stepNumber));
    else all[at + 2 * by]?.dataset.stepNumber && select(Number(all[at + 2 * by].dataset.stepNumber));
  };

  // Only where the list scrolls by itself: elsewhere a gap in sight would push away what is below it.
  const watcher = () =>
    new IntersectionObserver(
      (entries) => {
        const { scroller, scrollsItself } = window.timeline;
        const link = entries.find((entry) => entry.isIntersecting)?.target;
        if (!link || !scrollsItself(scroller()) || link.closest('[data-gap]').dataset.loading) return;
        link.closest('[data-gap]').dataset.loading = 'yes';
        htmx.trigger(link, 'wanted');
      },
      { root: window.timeline.scroller() },
    );
  let observer = null;
  const observe = () => {
    observer?.disconnect();
    observer ??= watcher();
    document.querySelectorAll('.step-gap-more').forEach((link) => observer.observe(link));
  };

  const showErrorButton = () => {
    const button = document.querySelector('[data-jump-error]');
    if (button) button.hidden = !Number(panel().dataset.firstError);
  };

  const showContinue = () => {
    panel()?.toggleAttribute('data-continuable', document.querySelector('#status[data-state="active"]') !== null);
  };

  const noteError = (cards) => {
    const bad = cards.find((card) => card.dataset.tone === 'bad');
    if (bad && !Number(panel().dataset.firstError)) panel().dataset.firstError = bad.dataset.stepNumber;
    showErrorButton();
  };

  document.addEventListener('live:steps', ({ detail }) => {
    if (!panel()) return;
    noteError(detail.cards);
    if (linked) mark();
  });
  document.addEventListener('timeline:rows', () => {
    observe();
    revealAwaited();
    if (linked) settle(cardOf(linked));
  });
  document.addEventListener('live:changed', showContinue);
  document.addEventListener('timeline:filtered', () => panel() && observe());
  const failed = ({ detail: { ctx } }) => {
    const gap = ctx.target?.closest?.('[data-gap]');
    if (!gap) return;
    delete gap.dataset.loading;
    revealAwaited();
  };
  document.addEventListener('htmx:error', failed);
  document.addEventListener('htmx:response:error', failed);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-jump-error]')) select(Number(panel().dataset.firstError));
    const link = event.target.closest('a[href^="#step-"]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    select(numberIn(link.getAttribute('href')));
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, [contenteditable], dialog');
    if (!panel() || typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') go(1);
    if (event.key === 'k') go(-1);
  });
  addEventListener('hashchange', () => panel() && numberIn(location.hash) && reveal(numberIn(location.hash)));
  addEventListener('DOMContentLoaded', () => {
    if (!panel()) return;
    showErrorButton();
    showContinue();
    if (numberIn(location.hash)) reveal(numberIn(location.hash));
    requestAnimationFrame(observe);
  });
})();
