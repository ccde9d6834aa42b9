/* The confirmation of a link with data-confirm, pictures in large, and buttons that open or close a dialog. */
(() => {
  'use strict';

  const askFirst = (link) => {
    const dialog = document.getElementById('confirm');
    const form = dialog.querySelector('form');
    form.action = link.href;
    dialog.querySelector('.dialog-title').textContent = link.dataset.confirm;
    dialog.querySelector('[data-confirm-slot="text"]').textContent = link.dataset.confirmText ?? '';
    dialog.querySelector('[data-confirm-slot="label"]').textContent = link.dataset.confirmLabel ?? 'Yes';
    dialog.showModal();
  };

  // Sent in place: the page stays, and its live connection brings what changes.
  const send = async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.dataset.sending) return;
    form.dataset.sending = 'yes';
    const button = form.querySelector('[type="submit"]');
    button.classList.add('btn-loading');
    await htmx.ajax('POST', form.action, { source: form, swap: 'none' });
    delete form.dataset.sending;
    button.classList.remove('btn-loading');
    form.closest('dialog').close();
  };

  const zoom = (link) => {
    const dialog = document.getElementById('zoom');
    const image = link.querySelector('img');
    const large = dialog.querySelector('img');
    large.src = link.href;
    large.alt = image?.alt ?? '';
    if (image) [large.width, large.height] = [image.getAttribute('width'), image.getAttribute('height')];
    const mark = link.querySelector('.shot-mark');
    dialog.querySelector('.zoom-mark').replaceChildren(...(mark ? [mark.cloneNode(true)] : []));
    dialog.showModal();
  };

  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest('a[data-confirm], a[data-zoom]');
    if (link) {
      event.preventDefault();
      (link.hasAttribute('data-zoom') ? zoom : askFirst)(link);
      return;
    }
    const opener = event.target.closest('[data-open-dialog]');
    if (opener) {
      document.querySelector('[popover]:popover-open')?.hidePopover();
      document.getElementById(opener.dataset.openDialog).showModal();
    } else if (event.target.closest('[data-close-dialog]') || event.target.matches('dialog')) {
      event.target.closest('dialog').close();
    }
  });
  document.addEventListener('submit', (event) => {
    if (event.target.closest('#confirm')) send(event);
  });
})();
