/* Applies the chosen theme before the first paint: loaded blocking, in the head, apart from the other scripts. */
(() => {
  'use strict';
  const KEY = 'theme';
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const chosen = () => {
    try {
      return localStorage.getItem(KEY) ?? 'auto';
    } catch {
      return 'auto'; // storage may be forbidden
    }
  };

  const apply = () => {
    const choice = chosen();
    document.documentElement.dataset.bsTheme = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
    for (const button of document.querySelectorAll('[data-theme-choice]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === choice));
    }
  };

  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('DOMContentLoaded', apply);
  addEventListener('click', (event) => {
    const button = event.target.closest('[data-theme-choice]');
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch {
      // not kept, but applied below for a browser that only refuses to write
    }
    apply();
  });
})();
