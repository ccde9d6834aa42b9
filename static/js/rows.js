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
