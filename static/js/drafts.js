/* What was typed into a start form survives a reload: kept in this browser, by person and form, never a secret. */
(() => {
  'use strict';
  const WAIT = 400;
  const LARGEST = 200_000;
  const SENT = 'draft-sent';
  const NEVER = new Set(['password', 'file', 'submit', 'button', 'reset', 'image']);
  const OURS = new Set(['csrfmiddlewaretoken', 'nonce', 'preset_name', 'preset_shared']);
  const RUN = /^\/(sessions|agents)\/[0-9a-f-]{36}\/$/;
  const formNow = () => document.querySelector('form[data-draft]');
  let waiting = 0;

  // The store is missing where the browser forbids it; then there are no drafts.
  const store = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };

  const isSecret = (form, control) => {
    const { secretNames, secretAreas, secretValues } = form.dataset;
    const matches = (expression, text) => new RegExp(expression, 'i').test(text);
    if (NEVER.has(control.type) || 'secret' in control.dataset || matches(secretNames, control.name)) return true;
    return (control.type === 'textarea' && matches(secretAreas, control.name)) || matches(secretValues, control.value);
  };

  // Those of a choice that was not made too: what was typed into them is not lost by looking at another.
  const entries = (form) =>
    [...form.elements]
      .filter((control) => control.name && !OURS.has(control.name) && !isSecret(form, control))
      .filter((control) => !['checkbox', 'radio'].includes(control.type) || control.checked)
      .map((control) => [control.name, control.value]);

  const keep = () => {
    const form = formNow();
    if (!form) return;
    const text = JSON.stringify({ search: location.search, entries: entries(form) });
    if (text.length <= LARGEST) store(() => localStorage.setItem(form.dataset.draft, text));
  };

  const forget = (key) => {
    clearTimeout(waiting);
    store(() => localStorage.removeItem(key));
  };

  const notice = (form) => {
    const line = document.createElement('div');
    line.className = 'notice draft-notice';
    line.dataset.tone = 'info';
    line.setAttribute('role', 'status');
    const text = document.createElement('p');
    text.textContent = 'Draft restored';
    const discard = document.createElement('button');
    discard.type = 'button';
    discard.className = 'btn btn-sm';
    discard.dataset.discardDraft = '';
    discard.textContent = 'Discard';
    line.append(text, discard);
    form.prepend(line);
  };

  /** The server draws it again, because rows that were added are not in a fresh page. */
  const restore = async (form, draft) => {
    const body = new FormData();
    draft.entries.forEach(([name, value]) => body.append(name, value));
    body.append('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(form.dataset.draftUrl, { method: 'POST', body, headers: { 'HX-Request': 'true' } });
    if (!answer.ok || form !== formNow()) return;
    const focused = document.activeElement?.form === form ? document.activeElement.id : '';
    await htmx.swap({ sourceElement: form, target: form, swap: 'outerHTML', text: await answer.text() });
    notice(formNow());
    if (focused) document.getElementById(focused)?.focus();
  };

  const ended = (key) => {
    const form = formNow();
    if (!form) return RUN.test(location.pathname);
    return form.dataset.draft === key && location.search.startsWith('?preset=') && !form.hasAttribute('data-bound');
  };

  addEventListener('DOMContentLoaded', () => {
    const sent = store(() => sessionStorage.getItem(SENT));
    store(() => sessionStorage.removeItem(SENT));
    if (sent && ended(sent)) forget(sent);
    const form = formNow();
    if (!form || form.hasAttribute('data-bound')) return;
    const draft = store(() => JSON.parse(localStorage.getItem(form.dataset.draft)));
    const same = draft && JSON.stringify(draft.entries) === JSON.stringify(entries(form));
    if (draft?.search === location.search && !same) restore(form, draft);
  });

  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, ({ target }) => {
      if (!target.form?.hasAttribute('data-draft') || OURS.has(target.name)) return;
      clearTimeout(waiting);
      waiting = setTimeout(keep, WAIT);
    });
  }
  addEventListener('pagehide', () => {
    if (!waiting) return;
    clearTimeout(waiting);
    keep();
  });

  document.addEventListener('submit', ({ target }) => {
    if (!target.hasAttribute('data-draft')) return;
    keep();
    waiting = 0;
    store(() => sessionStorage.setItem(SENT, target.dataset.draft));
  });
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('[data-discard-draft]')) return;
    forget(formNow().dataset.draft);
    waiting = 0;
    location.reload();
  });
})();
