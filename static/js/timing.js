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
