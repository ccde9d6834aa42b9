/* js/rows.js */
/* Lists in forms: rows that are added and taken away at once, texts that are shown, selects that fill in other fields.
   Without this script the same buttons ask the server, which draws the form again. */
(() => {
  'use strict';
  const CONTROLS = 'input, select, textarea, button';
  const changed = (element) => element.dispatchEvent(new Event('change', { bubbles: true }));
  const first = (row) => row.querySelector('select, input:not([type="hidden"]), textarea');
  const rowsOf = (list) => [...list.querySelectorAll(':scope > [data-row]:not([hidden])')];

  const renumber = (list) => {
    rowsOf(list).forEach((row, index) => {
      row.querySelectorAll('[data-row-number]').forEach((number) => {
        if (number.closest('[data-row]') === row) number.textContent = index + 1;
      });
    });
  };

  /** Enter in a field presses a form's first submit button: that must not be one of a row. */
  const disarm = (place) => {
    place.querySelectorAll('[data-asks]').forEach((button) => {
      button.type = 'button';
    });
  };

  /** What only the server can do: the form is sent with what the button stands for. */
  const ask = (button) => {
    const asked = document.createElement('input');
    Object.assign(asked, { type: 'hidden', name: button.name, value: button.value });
    button.form.append(asked);
    button.form.requestSubmit();
  };

  const add = (list) => {
    const blank = list.querySelector(':scope > template');
    const made = document.createElement('template');
    made.innerHTML = blank.innerHTML.replaceAll(list.dataset.level, list.dataset.next);
    list.dataset.next = Number(list.dataset.next) + 1;
    const row = made.content.firstElementChild;
    disarm(row);
    blank.before(row);
    renumber(list);
    return row;
  };

  const put = (row, hidden) => {
    row.hidden = hidden;
    row.querySelectorAll(CONTROLS).forEach((control) => {
      control.disabled = hidden;
    });
  };

  const remove = (row) => {
    const list = row.parentElement;
    const line = document.createElement('p');
    line.className = 'row-removed';
    const title = row.querySelector('[data-row-remove]:not([data-row] [data-row] *)') ?? row.querySelector('[data-row-remove]');
    const text = document.createElement('span');
    text.textContent = `${title.textContent.trim().replace(/\s+/g, ' ').replace(/^Remove /, '').replace(/^./, (letter) => letter.toUpperCase())} removed. `;
    const undo = document.createElement('button');
    undo.type = 'button';
    undo.className = 'btn-text';
    undo.textContent = 'Undo';
    undo.addEventListener('click', () => {
      line.remove();
      put(row, false);
      renumber(list);
      first(row).focus();
      changed(list);
    });
    line.append(text, undo);
    put(row, true);
    row.after(line);
    renumber(list);
    undo.focus();
    changed(list);
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-asks], [data-reveal]');
    if (!button) return;
    if (button.hasAttribute('data-reveal')) {
      const secret = document.getElementById(button.dataset.reveal);
      const shown = secret.type === 'text';
      secret.type = shown ? 'password' : 'text';
      button.textContent = shown ? 'Show' : 'Hide';
      return;
    }
    if (button.hasAttribute('data-row-remove')) {
      remove(button.closest('[data-row]'));
    } else if (button.hasAttribute('data-row-add')) {
      const list = button.closest('[data-rows]');
      first(add(list)).focus();
      changed(list);
    } else {
      ask(button);
    }
  });

  // A select of common values fills its fields; what is typed there shows in the select again.
  const fieldsOf = (select) => select.dataset.fills.split(' ').map((name) => select.form.elements[name]);

  const show = (select) => {
    const typed = fieldsOf(select).map((field) => field.value).join(' ');
    select.value = [...select.options].some(({ value }) => value === typed) ? typed : '';
  };

  const isSet = (form, name) =>
    [...form.elements].some((control) => control.name === name || control.name.startsWith(`${name}-`) ? control.value !== '' : false);

  // What excludes what is told, and greyed; it can still be changed, and the server decides.
  const grey = (form) => {
    form.querySelectorAll('[data-excluded-by]').forEach((field) => {
      field.toggleAttribute('data-excluded', field.dataset.excludedBy.split(' ').some((name) => isSet(form, name)));
    });
    form.querySelectorAll('[data-exclusion]').forEach((note) => {
      const names = (key) => note.dataset[key].split(' ');
      note.hidden = ![...names('exclusion'), ...names('others')].some((name) => isSet(form, name));
    });
  };

  const refresh = (form) => {
    form.querySelectorAll('[data-fills]').forEach(show);
    grey(form);
  };

  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, ({ target }) => {
      const form = target.form ?? target.closest?.('form');
      if (!form?.querySelector('[data-fills], [data-excluded-by]')) return;
      if (target.dataset.fills && kind === 'input') return;
      if (target.dataset.fills && target.value) {
        const texts = target.value.split(' ');
        fieldsOf(target).forEach((field, index) => {
          field.value = texts[index];
          changed(field);
        });
      }
      refresh(form);
    });
  }

  const start = () => {
    disarm(document);
    document.querySelectorAll('form:has([data-fills], [data-excluded-by])').forEach(refresh);
  };
  addEventListener('DOMContentLoaded', start);
  document.addEventListener('htmx:after:swap', start);
})();
/* js/request_panel.js */
/* The panel that shows what a start form would send: asked for again when the form changes, shown as one of four languages. */
(() => {
  'use strict';
  const PANEL = 'request-code';
  const panel = () => document.getElementById(PANEL);
  const formOf = (element) => element.closest?.('#start-form');

  const tellStale = () => panel()?.dispatchEvent(new CustomEvent('stale'));

  const show = (name) => {
    panel().dataset.shown = name;
    document.getElementById('copy-code').dataset.copyFrom = `code-${name}`;
  };

  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, (event) => {
      if (event.target.name === 'code-shown') show(event.target.value);
      else if (formOf(event.target)) tellStale();
    });
  }

  // Rows that come and go are no input, and a form that is put back from a draft brings other ones.
  const rows = new MutationObserver((changes) => {
    if (changes.some(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes].some(holdsControls))) tellStale();
  });
  const holdsControls = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches('[name]') || node.querySelector('[name]'));

  addEventListener('DOMContentLoaded', () => {
    const columns = panel()?.closest('.form-columns');
    if (!columns) return;
    rows.observe(columns.querySelector('#start-form').parentElement, { childList: true, subtree: true });
    show(document.querySelector('[name="code-shown"]:checked').value);
  });

  // Its field belongs to the start form, whose own button Enter would press.
  document.addEventListener('keydown', (event) => {
    const button = event.key === 'Enter' && event.target.dataset?.enter;
    if (!button) return;
    event.preventDefault();
    document.getElementById(button).click();
  });
})();
/* js/field_check.js */
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
