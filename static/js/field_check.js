/* What the server found wrong, put at the fields that were left or changed. Nothing else of the form is touched. */
(() => {
  'use strict';
  const left = new Set();
  const typed = new Set();

  const inForm = (element) => element.name && element.form?.id === 'start-form';

  const describe = (control, id, on) => {
    const others = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((each) => each && each !== id);
    const all = on ? [...others, id] : others;
    if (all.length) control.setAttribute('aria-describedby', all.join(' '));
    else control.removeAttribute('aria-describedby');
  };

  const element = (id, check) => {
    const found = document.createElement('div');
    found.className = 'field-error';
    found.id = id;
    found.append(...[...check.children].map((line) => line.cloneNode(true)));
    return found;
  };

  const clear = (control) => {
    document.getElementById(`${control.id}_error`)?.remove();
    control.classList.remove('is-invalid');
    control.removeAttribute('aria-invalid');
    describe(control, `${control.id}_error`, false);
  };

  const blame = (control, check) => {
    const id = check.dataset.errorId;
    const before = document.getElementById(id);
    const after = element(id, check);
    if (before?.textContent.trim() === after.textContent.trim()) return;
    if (before) {
      before.replaceWith(after);
    } else {
      const field = control.closest('.field') ?? control.parentElement;
      field.insertBefore(after, field.querySelector(':scope > .form-hint'));
    }
    control.classList.add('is-invalid');
    control.setAttribute('aria-invalid', 'true');
    describe(control, id, true);
  };

  const apply = () => {
    const checks = document.getElementById('field-checks');
    const form = document.getElementById('start-form');
    if (!checks || !form) return;
    const wrong = new Map([...checks.children].map((check) => [check.dataset.check, check]));
    for (const control of form.elements) {
      if (!left.has(control.name)) continue;
      const check = wrong.get(control.name);
      if (check) blame(control, check);
      else clear(control);
    }
  };

  document.addEventListener('input', ({ target }) => {
    if (!inForm(target)) return;
    typed.add(target.name);
    if (target.getAttribute('aria-invalid') === 'true') left.add(target.name);
  });
  document.addEventListener('change', ({ target }) => {
    if (inForm(target)) left.add(target.name);
  });
  document.addEventListener('focusout', ({ target }) => {
    if (!inForm(target) || !typed.has(target.name) || left.has(target.name)) return;
    left.add(target.name);
    apply();
  });
  document.addEventListener('htmx:after:swap', apply);
})();
