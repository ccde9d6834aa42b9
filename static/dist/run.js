/* js/timeline.js */
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
/* js/step_pages.js */
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
/* js/step_filter.js */
/* Which steps are shown: a kind, a text, and repeats (also waits) as one. What is not loaded is looked for on the server. */
(() => {
  'use strict';
  const REPEATS = 3;
  const WAITS = 2;
  const TYPING = 250;
  const list = () => document.getElementById('steps');
  const cards = () => [...list().querySelectorAll(':scope > .step')];
  const gaps = () => [...list().querySelectorAll(':scope > [data-gap]')];
  const question = { show: '', text: '' };
  let folding = true;
  let timer = 0;
  const unfolded = new Set();

  const key = () => (question.show || question.text ? `${question.show}:${question.text}` : '');

  const fits = (card) => {
    if (question.show && !card.dataset.has.split(' ').includes(question.show)) return false;
    // The server may have found it where this page cuts the text off.
    if (!question.text || card.dataset.found === question.text) return true;
    return card.textContent.toLowerCase().includes(question.text.toLowerCase());
  };

  const sameAs = (card) => `${card.dataset.action}|${card.querySelector('.step-title')?.textContent}`;
  const isWait = (card) => card.dataset.action === 'wait';

  /** Neighbours that did the same, or that only waited. A step that failed, or that a link names, is never hidden. */
  const groups = (shown) => {
    const found = [];
    for (const card of shown) {
      const group = found.at(-1);
      const before = group?.at(-1);
      const near = before && Number(card.dataset.stepNumber) === Number(before.dataset.stepNumber) + 1;
      const alike = before && card.dataset.action && (sameAs(card) === sameAs(before) || (isWait(card) && isWait(before)));
      if (near && alike && card.dataset.tone !== 'bad' && before.dataset.tone !== 'bad') group.push(card);
      else found.push([card]);
    }
    return found.filter((group) => group.length >= (group.every(isWait) ? WAITS : REPEATS));
  };

  const foldRow = (group, open) => {
    const row = document.createElement('li');
    row.className = 'step-fold';
    row.dataset.fold = group[0].dataset.stepNumber;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'step-fold-button';
    button.setAttribute('aria-expanded', String(open));
    const count = document.createElement('strong');
    count.textContent = `${group.length}×`;
    const what = document.createElement('span');
    const numbers = `steps ${group[0].dataset.stepNumber} to ${group.at(-1).dataset.stepNumber}`;
    what.textContent = `${group.every(isWait) ? 'Wait' : group[0].querySelector('.step-title').textContent} · ${numbers}`;
    button.append(count, what);
    row.append(button);
    return row;
  };

  const fold = () => {
    const focused = document.activeElement?.closest?.('.step-fold')?.dataset.fold;
    list().querySelectorAll('.step-fold').forEach((row) => row.remove());
    cards().forEach((card) => card.removeAttribute('data-folded'));
    if (!folding) return;
    for (const group of groups(cards().filter((card) => !card.hidden))) {
      const first = group[0].dataset.stepNumber;
      const open = unfolded.has(first);
      const row = foldRow(group, open);
      group[0].before(row);
      // The newest of them stays in sight.
      if (!open) group.slice(0, -1).forEach((card) => !card.hasAttribute('aria-current') && card.setAttribute('data-folded', ''));
      if (focused === first) row.firstElementChild.focus({ preventScroll: true });
    }
  };

  const showNone = () => {
    const line = document.querySelector('[data-steps-none]');
    const some = cards().some((card) => !card.hidden);
    const more = gaps().some((gap) => !gap.hidden);
    line.hidden = !key() || some;
    line.textContent = more ? 'Looking in the steps that are not shown yet…' : 'No step fits.';
  };

  const apply = () => {
    if (!list()) return;
    for (const card of cards()) card.hidden = !fits(card);
    // A gap in which this question was already asked has nothing to offer to it.
    for (const gap of gaps()) gap.hidden = Boolean(key()) && gap.dataset.searched === key();
    fold();
    showNone();
  };

  const changed = () => {
    window.timeline.keepPlace(apply);
    document.dispatchEvent(new CustomEvent('timeline:filtered'));
  };

  const choose = (show) => {
    question.show = show;
    for (const button of document.querySelectorAll('[data-show]')) {
      button.setAttribute('aria-pressed', String(button.dataset.show === show));
    }
    changed();
  };

  const clear = () => {
    const field = document.querySelector('[data-step-search]');
    field.value = question.text = '';
    choose('');
  };

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches?.('.step-gap-more') || !key()) return;
    ctx.request.body.set('show', question.show);
    ctx.request.body.set('q', question.text);
  });
  document.addEventListener('timeline:rows', () => {
    window.timeline.keepPlace(apply);
    document.dispatchEvent(new CustomEvent('timeline:filtered'));
  });
  document.addEventListener('live:steps', apply);
  document.addEventListener('timeline:reveal', ({ target }) => {
    if (target.hidden) clear();
    const group = groups(cards()).find((each) => each.includes(target));
    if (target.hasAttribute('data-folded') && group) {
      unfolded.add(group[0].dataset.stepNumber);
      apply();
    }
  });
  document.addEventListener('click', ({ target }) => {
    const row = target.closest('.step-fold');
    const choice = target.closest('[data-show]');
    const all = target.closest('[data-fold-all]');
    if (row) {
      if (!unfolded.delete(row.dataset.fold)) unfolded.add(row.dataset.fold);
      window.timeline.keepPlace(apply);
    } else if (choice) choose(choice.dataset.show);
    else if (all) {
      folding = !folding;
      all.setAttribute('aria-pressed', String(folding));
      window.timeline.keepPlace(apply);
    }
  });
  document.addEventListener('input', ({ target }) => {
    if (!target.matches('[data-step-search]')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      question.text = target.value.trim();
      changed();
    }, TYPING);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target.matches('[data-step-search]')) {
      clear();
      window.timeline.scroller().focus();
    }
  });
  addEventListener('DOMContentLoaded', () => {
    const tools = document.querySelector('[data-step-tools]');
    if (!tools) return;
    tools.hidden = false;
    document.querySelector('[data-fold-all]').hidden = false;
    apply();
  });
})();
/* js/timing.js */
/* The strip of bars over the steps: it grows with them, says what a bar stands for, and the arrow keys walk along it. */
(() => {
  'use strict';
  const MOST = 60;
  const [SLOT, HEIGHT, LEAST_SLOTS, LOWEST] = [10, 40, 24, 1.5];
  const PARTS = ['act', 'think', 'look'];
  const NAMES = { look: 'looking', think: 'thinking', act: 'acting' };
  const strip = () => document.querySelector('.timing-bars');
  const bars = () => [...strip().querySelectorAll('.timing-bar')];
  let summary = '';

  const inWords = (milliseconds) => {
    const seconds = milliseconds / 1000;
    if (seconds < 1) return `${seconds.toFixed(2)} s`;
    if (seconds < 60) return `${seconds.toFixed(1)} s`;
    return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
  };

  const rect = (part, x, y, width, height) => {
    const element = document.createElementNS(strip().namespaceURI, 'rect');
    if (part) element.dataset.part = part;
    else element.setAttribute('class', 'timing-hit');
    for (const [name, value] of Object.entries({ x, y, width, height })) element.setAttribute(name, value);
    return element;
  };

  const draw = (bar, index, longest) => {
    const took = Number(bar.dataset.took);
    const spent = PARTS.map((name) => [name, Number(bar.dataset[name])]);
    const known = spent.reduce((sum, [, time]) => sum + time, 0);
    const height = Math.max((HEIGHT * took) / longest, LOWEST);
    const scale = height / Math.max(took, known, 1);
    const pieces = [rect('', index * SLOT, 0, SLOT, HEIGHT)];
    let y = HEIGHT;
    for (const [name, time] of spent) {
      y -= time * scale;
      if (time) pieces.push(rect(name, index * SLOT + 0.5, y, SLOT - 1, time * scale));
    }
    const rest = height - (HEIGHT - y);
    if (rest > 0.05) pieces.push(rect('rest', index * SLOT + 0.5, y - rest, SLOT - 1, rest));
    bar.replaceChildren(...pieces);
  };

  const barFor = (number) => {
    const known = strip().querySelector(`[data-number="${CSS.escape(number)}"]`);
    if (known) return known;
    const last = bars().at(-1);
    if (last && Number(last.dataset.number) > Number(number)) return null;
    const bar = document.createElementNS(strip().namespaceURI, 'a');
    bar.setAttribute('class', 'timing-bar');
    bar.setAttribute('href', `#step-${number}`);
    bar.setAttribute('tabindex', '-1');
    bar.dataset.number = number;
    strip().append(bar);
    return bar;
  };

  const take = (told) => {
    const bar = barFor(told.number);
    if (!bar) return;
    for (const name of ['took', ...PARTS]) bar.dataset[name] = told[name] ?? 0;
    bar.toggleAttribute('data-failed', told.failed);
    bar.setAttribute('aria-label', `Step ${told.number}: ${inWords(Number(told.took))}`);
  };

  const ofCard = ({ dataset }) => ({ ...dataset, number: dataset.stepNumber, failed: dataset.tone === 'bad' });

  const ofText = (text) => {
    const [number, took, look, think, act, failed] = text.split(':');
    return { number, took, look, think, act, failed: failed === '1' };
  };

  const told = () => document.querySelector('[data-timing-told]');

  const sumUp = () => {
    const times = bars().map((bar) => Number(bar.dataset.took));
    const total = times.reduce((sum, time) => sum + time, 0);
    const first = Number(bars()[0]?.dataset.number ?? 1);
    const count = `${times.length} ${times.length === 1 ? 'step' : 'steps'}`;
    summary = `${first > 1 ? `The last ${count}` : count}: ${inWords(total)}, the slowest ${inWords(Math.max(0, ...times))}`;
    told().textContent = summary;
  };

  const update = (told) => {
    told.forEach(take);
    bars().slice(0, -MOST).forEach((bar) => bar.remove());
    const all = bars();
    const longest = Math.max(1, ...all.map((bar) => Number(bar.dataset.took)));
    strip().setAttribute('viewBox', `0 0 ${Math.max(all.length, LEAST_SLOTS) * SLOT} ${HEIGHT}`);
    all.forEach((bar, index) => draw(bar, index, longest));
    if (!all.some((bar) => bar.getAttribute('tabindex') === '0')) all.at(-1)?.setAttribute('tabindex', '0');
    document.querySelector('[data-timing]').hidden = all.length === 0;
    if (!document.activeElement?.closest?.('.timing-bar')) sumUp();
  };

  const tell = (bar) => {
    const { number, took } = bar.dataset;
    const spent = Object.entries(NAMES).filter(([name]) => Number(bar.dataset[name]));
    const parts = spent.map(([name, word]) => `${word} ${inWords(Number(bar.dataset[name]))}`);
    const title = document.querySelector(`#step-${CSS.escape(number)} .step-title`)?.textContent;
    const words = [`Step ${number}: ${inWords(Number(took))}`, parts.join(', '), title].filter(Boolean);
    told().textContent = words.join(' · ');
  };

  const walk = (bar, key) => {
    const all = bars();
    const at = all.indexOf(bar);
    const next = { ArrowLeft: all[at - 1], ArrowRight: all[at + 1], Home: all[0], End: all.at(-1) }[key];
    if (!next) return;
    bar.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  };

  document.addEventListener('live:steps', ({ detail }) => strip() && update(detail.cards.map(ofCard)));
  // Not "pointerover": it also comes when the page moves below a pointer that rests, and would talk over the keyboard.
  for (const type of ['pointermove', 'focusin']) {
    document.addEventListener(type, ({ target }) => {
      const bar = target.closest?.('.timing-bar');
      if (bar) tell(bar);
    });
  }
  for (const type of ['pointerout', 'focusout']) {
    document.addEventListener(type, ({ target }) => {
      if (!target.closest?.('.timing-bar') || !summary) return;
      if (type === 'pointerout' && document.activeElement.matches('.timing-bar')) tell(document.activeElement);
      else told().textContent = summary;
    });
  }
  document.addEventListener('keydown', (event) => {
    const bar = event.target.closest?.('.timing-bar');
    if (!bar || !['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    walk(bar, event.key);
  });
  addEventListener('DOMContentLoaded', () => strip()?.dataset.bars && update(strip().dataset.bars.split(' ').map(ofText)));
})();
/* js/splitter.js */
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
/* js/masked.js */
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
/* js/viewer.js */
/* The live picture on a page: its states, why there is none, and how it comes back.
 *
 * Our own viewer tells what it shows; a remote one is silent, and counts as live when it has loaded. Nothing is polled: the
 * address is asked for again only after something went wrong, less and less often, and only while the page is looked at.
 */
(() => {
  'use strict';
  const FIRST_WAIT = 1000;
  const LONGEST_WAIT = 30_000;
  const LOADS_WITHIN = 15_000;
  const SPEAKS_WITHIN = 6000;
  const RECONNECTS_WITHIN = 4000;
  const LONGEST_TEXT = 500;
  const TITLES = {
    starting: 'Starting the browser…',
    connecting: 'Connecting to the live picture…',
    renewing: 'Renewing the live picture…',
    none: 'No live picture',
    blocked: 'The live picture was blocked',
    blank: 'The live picture stays blank',
    away: 'The dashboard does not answer',
  };

  const FAILED = new Set(['none', 'blocked', 'blank', 'away']);

  let attempt = 0;
  let again = 0;
  let patience = 0;
  let renewedAt = 0;

  const slot = () => document.getElementById('viewer-slot');
  const stage = () => slot()?.querySelector('.viewer-stage');
  const frame = () => slot()?.querySelector('.viewer-frame');
  const theme = () => document.documentElement.dataset.bsTheme;
  const isLooked = () => document.visibilityState === 'visible';

  const ask = () => {
    clearTimeout(again);
    again = 0;
    if (stage()) htmx.trigger(stage(), 'retry');
  };

  const askLater = () => {
    clearTimeout(again);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + Math.random() / 2);
    attempt += 1;
    again = setTimeout(() => isLooked() && ask(), wait);
  };

  /** The newest picture there is: of the steps on the page, else the one that came with the answer. */
  const newest = () => [...document.querySelectorAll('.step-shot')].at(-1)?.href ?? slot().querySelector('[data-viewer-last]')?.href;

  const showNewest = () => {
    const source = newest();
    let picture = slot().querySelector('.viewer-behind');
    if (!source) return;
    if (!picture) {
      picture = document.createElement('img');
      picture.className = 'viewer-picture viewer-behind';
      picture.alt = 'The page as it was last seen';
      slot().prepend(picture);
    }
    if (picture.src !== source) picture.src = source;
  };

  /** State and reason. Whatever is said comes from outside: text, and not too much of it. */
  const show = (state, text = '') => {
    if (!stage()) return;
    slot().dataset.viewer = state;
    if (state === 'live') {
      attempt = 0;
      clearTimeout(again);
      slot().querySelector('.viewer-behind')?.remove();
      return;
    }
    if (FAILED.has(state)) showNewest();
    slot().querySelector('[data-viewer-title]').textContent = TITLES[state];
    slot().querySelector('[data-viewer-text]').textContent = text.slice(0, LONGEST_TEXT);
  };

  const fail = (state, text, passing = true) => {
    clearTimeout(patience);
    show(state, text);
    if (passing) askLater();
  };

  const silent = () => {
    const origin = new URL(frame().src).origin;
    const cause = 'It may be out of reach from this computer, or something in this browser holds it back.';
    fail('blank', `The viewer at ${origin} shows nothing here. ${cause}`);
  };

  const swapped = (event) => {
    if (!event.target.closest?.('.viewer-stage')) return;
    clearTimeout(patience);
    const shown = frame();
    const reason = slot().querySelector('[data-viewer-reason]');
    const starting = reason?.dataset.viewerReason === 'starting';
    if (starting) {
      show('starting');
      askLater();
    } else if (shown) {
      // While it is tried again, the reason why it failed stays.
      if (!FAILED.has(slot().dataset.viewer)) show('connecting');
      patience = setTimeout(silent, shown.hasAttribute('data-speaks') ? SPEAKS_WITHIN : LOADS_WITHIN);
    } else if (reason) {
      fail('none', reason.textContent, reason.hasAttribute('data-again'));
    }
    document.dispatchEvent(new CustomEvent('viewer:asked', { detail: { driving: shown?.hasAttribute('data-drives') ?? false } }));
  };

  const loaded = ({ target }) => {
    if (target !== frame() || target.hasAttribute('data-speaks')) return;
    clearTimeout(patience);
    show('live');
  };

  const renew = () => {
    if (Date.now() - renewedAt < FIRST_WAIT * 5) {
      fail('none', 'The link to the live picture was refused.');
      return;
    }
    renewedAt = Date.now();
    show('renewing');
    ask();
  };

  const HEARD = {
    live: () => {
      clearTimeout(patience);
      show('live');
    },
    waiting: () => {
      // It tries by itself; if that does not help soon, the server knows why.
      clearTimeout(patience);
      patience = setTimeout(ask, slot().dataset.viewer === 'live' ? RECONNECTS_WITHIN : SPEAKS_WITHIN);
    },
    blank: (text) => fail('blank', text, false),
    expired: renew,
    ended: (text) => fail('none', text, false),
  };

  /** Only what our own viewer says, in its sandbox, whose origin is "null"; a hostile one could do no more than look dead. */
  const heard = ({ source, origin, data }) => {
    const shown = frame();
    if (!shown?.hasAttribute('data-speaks') || source !== shown.contentWindow || origin !== 'null') return;
    if (data?.source !== 'notte-viewer') return;
    if (data.type === 'state' && Object.hasOwn(HEARD, data.state)) HEARD[data.state](String(data.text ?? ''));
    else if (data.type === 'page') told(String(data.url ?? ''));
    else if (data.type === 'control' && data.held === false && data.reason === 'expired') renew();
  };

  const told = (url) => {
    const output = document.getElementById('location');
    if (output && url) output.textContent = url.slice(0, LONGEST_TEXT);
  };

  const dress = () => {
    const shown = frame();
    if (shown?.hasAttribute('data-speaks')) shown.contentWindow.postMessage({ type: 'theme', theme: theme() }, '*');
    else if (shown) ask();
  };

  const returned = () => {
    if (isLooked() && stage() && FAILED.has(slot().dataset.viewer) && attempt > 0) ask();
  };

  const isOurs = (event) => event.target.closest?.('.viewer-stage');

  const shape = () => {
    // Of the part that is pushed: at the start the size of the browser is not known yet.
    const { width, height } = document.getElementById('driver')?.dataset ?? {};
    // By the object model: a style attribute would be against the page's content policy.
    if (!(width > 0 && height > 0)) return;
    const [style, ratio] = [document.querySelector('.viewer-panel').style, `${width} / ${height}`];
    if (style.getPropertyValue('--viewer-ratio') !== ratio) style.setProperty('--viewer-ratio', ratio);
  };

  addEventListener('DOMContentLoaded', () => {
    shape();
    new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
  });
  addEventListener('message', heard);
  addEventListener('online', returned);
  document.addEventListener('visibilitychange', returned);
  document.addEventListener('load', loaded, true); // "load" of a frame does not bubble, but can be caught on the way down
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective !== 'frame-src') return;
    fail('blocked', `This page's policy does not allow to frame ${blockedURI}. NOTTE_VIEWER_ORIGINS names who may be framed.`, false);
  });
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches?.('.viewer-stage')) return;
    ctx.request.body.set('theme', theme());
    if (window.viewer.drive) ctx.request.body.set('drive', window.viewer.drive);
  });
  document.addEventListener('htmx:after:swap', swapped);
  document.addEventListener('htmx:error', (event) => isOurs(event) && fail('away', 'It is asked again by itself.'));
  document.addEventListener('htmx:response:error', (event) => {
    const status = event.detail.ctx.response?.status;
    if (isOurs(event) && status >= 500) fail('away', `It answered with an error (${status}). It is asked again by itself.`);
  });
  document.addEventListener('live:changed', () => {
    shape();
    const active = document.querySelector('#status[data-state="active"]');
    if (again && active && slot()?.dataset.viewer === 'starting') ask();
    if (stage() && FAILED.has(slot().dataset.viewer)) showNewest();
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-viewer-retry]')) return;
    attempt = 0;
    show('connecting');
    ask();
  });

  window.viewer = { ask, slot, frame, drive: '' };
})();
/* js/viewer_drive.js */
/* Taking the wheel of a browser and giving it back; full screen; a window of its own.
 *
 * Who drives comes from the server, in the pushed fragment #driver. This page only remembers which drive is its own, keeps it
 * while it is open, and gives it back when it is left.
 */
(() => {
  'use strict';
  const KEEP_EVERY = 10_000;
  let keeping = 0;

  const driver = () => document.getElementById('driver');
  const panel = () => document.querySelector('.viewer-panel');
  const token = () => document.querySelector('#confirm [name=csrfmiddlewaretoken]').value;
  const address = (name) => driver().querySelector(`[data-${name}]`)?.getAttribute(`data-${name}`);

  const body = (more = {}) => {
    const form = new FormData();
    const fields = { csrfmiddlewaretoken: token(), drive: window.viewer.drive, ...more };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  const say = (text, tone) => document.dispatchEvent(new CustomEvent('toast', { detail: { text, tone } }));

  const show = () => {
    if (panel()) panel().dataset.driving = window.viewer.drive && driver()?.dataset.drive === window.viewer.drive ? 'me' : 'no';
  };

  /** From now on this page only watches. */
  const stop = () => {
    clearInterval(keeping);
    window.viewer.drive = '';
    show();
    window.viewer.ask();
  };

  const keep = async () => {
    const url = address('keep-drive');
    if (!url) return;
    try {
      const answer = await fetch(url, { method: 'POST', body: body(), redirect: 'manual' });
      if (answer.status !== 204 && answer.status < 500 && window.viewer.drive) stop();
    } catch {
      // The server is away for a moment: the lease outlives two of these.
    }
  };

  const taken = ({ detail }) => {
    window.viewer.drive = String(detail.drive);
    clearInterval(keeping);
    keeping = setInterval(keep, KEEP_EVERY);
    show();
    window.viewer.ask();
  };

  const giveBack = async (button) => {
    button.classList.add('btn-loading');
    try {
      await fetch(button.dataset.giveBack, { method: 'POST', body: body() });
    } catch {
      say('The server did not answer. The wheel is given back by itself in half a minute.', 'error');
    }
    stop();
  };

  /** The server says who drives now. */
  const changed = () => {
    if (!driver()) return;
    const mine = window.viewer.drive;
    if (mine && driver().dataset.drive && driver().dataset.drive !== mine) {
      say(`${driver().querySelector('strong')?.textContent ?? 'Somebody'} drives the browser now. You can go on watching.`);
      stop();
    } else if (mine && !driver().dataset.drive && panel().dataset.driving === 'me') {
      stop();
    }
    show();
  };

  const left = () => {
    const url = window.viewer.drive && address('give-back');
    if (url) navigator.sendBeacon(url, body({ left: 'yes' }));
    window.viewer.drive = '';
  };

  const toFullScreen = () => (document.fullscreenElement ? document.exitFullscreen() : panel().requestFullscreen());

  const openWindow = (event, link) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(link.href, link.target, 'popup,width=1120,height=760,noopener');
  };

  document.addEventListener('drive-taken', taken);
  document.addEventListener('live:changed', changed);
  addEventListener('pagehide', left);
  addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('[data-full-screen]');
    if (button) button.hidden = !document.fullscreenEnabled;
  });
  document.addEventListener('click', (event) => {
    const take = event.target.closest('[data-take-over]');
    const back = event.target.closest('[data-give-back]');
    const own = event.target.closest('[data-own-window]');
    if (take) htmx.ajax('POST', take.dataset.takeOver, { source: take, swap: 'none' });
    if (back) giveBack(back);
    if (own) openWindow(event, own);
    if (event.target.closest('[data-full-screen]')) toFullScreen();
  });
  document.addEventListener('viewer:asked', ({ detail }) => {
    // Asked as the driver, answered as a watcher: the wheel is somebody else's by now.
    if (window.viewer.drive && !detail.driving && window.viewer.frame()) stop();
  });
})();
