/* How it goes, where it can be seen from another tab: numbers before the title, and a dot on the icon. */
(() => {
  'use strict';
  const NUMBERS = /^\(\d+\+?(, \d+ failed)?\) /;
  const OVER = { good: 'plain', idle: 'plain', bad: 'bad', live: 'live', busy: 'live' };

  const icon = () => document.querySelector('link[rel="icon"]');

  const showIcon = (look) => {
    const link = icon();
    if (!link) return;
    link.dataset.plain ??= link.getAttribute('href');
    const wanted = link.dataset[look] ?? link.dataset.plain;
    if (link.getAttribute('href') !== wanted) link.setAttribute('href', wanted);
  };

  const showTitle = (running, failed) => {
    const plain = document.title.replace(NUMBERS, '');
    const count = running >= 1000 ? '999+' : running;
    const numbers = running || failed ? `(${count}${failed ? `, ${failed} failed` : ''}) ` : '';
    if (document.title !== numbers + plain) document.title = numbers + plain;
  };

  document.addEventListener('live:pulse', ({ detail }) => {
    showTitle(detail.running, detail.failed);
    showIcon(detail.failed ? 'bad' : detail.running ? 'live' : 'plain');
  });

  const showRun = () => {
    const status = document.getElementById('status');
    if (status) showIcon(OVER[status.dataset.tone] ?? 'plain');
  };

  addEventListener('DOMContentLoaded', showRun);
  document.addEventListener('live:changed', showRun);
})();
