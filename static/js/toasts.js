/* Short messages in the corner: those the server rendered, those of a "toast" event, and requests that failed. */
(() => {
  'use strict';
  const STAY = 6000;

  const leave = (note) => {
    note.dataset.leaving = 'yes';
    setTimeout(() => note.remove(), 200);
  };

  const stay = (note) => {
    if (note.dataset.tone !== 'error') setTimeout(() => leave(note), STAY);
  };

  const show = (text, tone = 'info') => {
    const note = document.createElement('div');
    note.className = 'toast-note';
    note.dataset.tone = tone;
    const line = document.createElement('p');
    line.textContent = text;
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'toast-close';
    close.dataset.closeToast = '';
    close.setAttribute('aria-label', 'Dismiss');
    close.textContent = '×';
    note.append(line, close);
    document.getElementById('toasts')?.append(note);
    stay(note);
  };

  const hasOwnMessage = (element) => element?.closest?.('#viewer-slot, #notices');

  addEventListener('DOMContentLoaded', () => document.querySelectorAll('.toast-note').forEach(stay));
  document.addEventListener('toast', (event) => show(event.detail.text, event.detail.tone));
  document.addEventListener('click', (event) => {
    const close = event.target.closest('[data-close-toast]');
    if (close) leave(close.closest('.toast-note'));
  });
  document.addEventListener('htmx:response:error', (event) => {
    const { status } = event.detail.ctx.response;
    // A form that comes back with its mistakes says so itself.
    if (status < 400 || status === 422 || hasOwnMessage(event.target)) return;
    if (status >= 500) show(`The server answered with an error (${status}). Try again in a moment.`, 'error');
    else show(`The server refused that (${status}). Reload the page to see what has changed.`, 'error');
  });
  document.addEventListener('htmx:error', (event) => {
    if (!hasOwnMessage(event.target)) show('The server did not answer. Check the connection and try again.', 'error');
  });
})();
