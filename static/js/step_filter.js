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
