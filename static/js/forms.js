/* Forms are sent once, filters leave no empty parameters in the address, and errors get the focus. */
(() => {
  'use strict';

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute('method') !== 'post') return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = 'yes';
    form.querySelectorAll('button[type="submit"]').forEach((button) => {
      button.classList.add('btn-loading');
      button.setAttribute('aria-disabled', 'true');
    });
  });

  // A page that comes back from the browser's memory must be usable again.
  addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sending]').forEach((form) => {
      delete form.dataset.sending;
      form.querySelectorAll('.btn-loading').forEach((button) => {
        button.classList.remove('btn-loading');
        button.removeAttribute('aria-disabled');
      });
    });
  });

  document.addEventListener('formdata', (event) => {
    if (!event.target.hasAttribute('data-clean-query')) return;
    for (const [name, value] of [...event.formData]) {
      if (value === '') event.formData.delete(name);
    }
  });

  addEventListener('DOMContentLoaded', () => document.getElementById('form-errors')?.focus());
})();
