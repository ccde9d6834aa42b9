/* The wall: tiles come, change and go by themselves. Nothing moves while somebody points at a tile or stands on it with the
 * keyboard, pictures are only loaded for tiles in sight, and the old one stays until the new one is there.
 */
(() => {
  'use strict';
  const CALM = 1500;
  let order = null;
  let pointed = false;
  let calm = 0;

  const wall = () => document.getElementById('wall');
  const links = () => [...wall().querySelectorAll('.tile-link')];

  const parsed = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  // --- Pictures ------------------------------------------------------------------------------------------------------
  const load = async (image) => {
    const wanted = image.dataset.wanted;
    const next = new Image();
    next.src = wanted;
    try {
      await next.decode();
    } catch {
      return; // the old one stays
    }
    if (image.dataset.wanted !== wanted) return;
    image.src = wanted;
    delete image.dataset.wanted;
  };

  const inSight = new Set();
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inSight.add(target);
      else inSight.delete(target);
      if (isIntersecting && target.dataset.wanted) load(target);
    }
  }, { rootMargin: '200px' });

  const keepPicture = (before, after) => {
    const old = before.querySelector('.tile-picture img');
    const fresh = after.querySelector('.tile-picture img');
    if (!old || !fresh) return;
    const wanted = fresh.getAttribute('src');
    fresh.replaceWith(old);
    if (old.getAttribute('src') === wanted) {
      delete old.dataset.wanted;
      return;
    }
    old.dataset.wanted = wanted;
    if (inSight.has(old)) load(old);
  };

  const watchPictures = (tile) => tile.querySelectorAll('.tile-picture img').forEach((image) => seen.observe(image));

  // --- Tiles ---------------------------------------------------------------------------------------------------------
  const put = (html) => {
    const after = parsed(html);
    const before = document.getElementById(after.id);
    if (!before) {
      wall().append(after);
    } else if (before.dataset.keep !== after.dataset.keep) {
      const focused = before.contains(document.activeElement);
      keepPicture(before, after);
      before.replaceWith(after);
      if (focused) after.querySelector('.tile-link').focus({ preventScroll: true });
    } else {
      return;
    }
    watchPictures(after);
  };

  const removeGone = () => {
    for (const tile of [...wall().children]) {
      if (order.includes(tile.id)) continue;
      const focused = tile.contains(document.activeElement);
      const next = tile.nextElementSibling ?? tile.previousElementSibling;
      tile.remove();
      if (focused) next?.querySelector('.tile-link')?.focus({ preventScroll: true });
    }
  };

  const held = () => pointed || wall().contains(document.activeElement);

  const arrange = () => {
    clearTimeout(calm);
    if (!order || !wall() || held()) return;
    order.forEach((id, place) => {
      const tile = document.getElementById(id);
      const there = wall().children[place];
      if (tile && tile !== there) wall().insertBefore(tile, there);
    });
  };

  const later = () => {
    clearTimeout(calm);
    calm = setTimeout(arrange, CALM);
  };

  document.addEventListener('live:wall', ({ detail }) => {
    if (!wall()) return;
    order = detail.order ?? order;
    detail.fragments.forEach(({ html }) => put(html));
    if (order) removeGone();
    arrange();
    document.getElementById('wall-empty').hidden = wall().children.length > 0;
    wall().dataset.size = detail.size ?? wall().dataset.size;
    document.dispatchEvent(new CustomEvent('live:changed'));
  });

  // --- Keyboard and pointer --------------------------------------------------------------------------------------------
  const columns = (all) => {
    const top = all[0].closest('.tile').offsetTop;
    const first = all.findIndex((link) => link.closest('.tile').offsetTop > top);
    return first < 0 ? all.length : first;
  };

  const steps = {
    ArrowRight: () => 1, ArrowLeft: () => -1, j: () => 1, k: () => -1, ArrowDown: columns, ArrowUp: (all) => -columns(all),
  };

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, [contenteditable], dialog');
    if (!wall() || !(event.key in steps) || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    // Arrows scroll the page until somebody has gone onto the wall.
    if (at < 0 && event.key.startsWith('Arrow')) return;
    const next = at < 0 ? all[0] : all[at + steps[event.key](all)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.closest('.tile').scrollIntoView({ block: 'nearest' });
  });

  addEventListener('DOMContentLoaded', () => {
    if (!wall()) return;
    watchPictures(wall());
    wall().addEventListener('pointerenter', (event) => { pointed = event.pointerType === 'mouse'; });
    wall().addEventListener('pointerleave', () => { pointed = false; later(); });
    wall().addEventListener('focusout', later);
  });
})();
