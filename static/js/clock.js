/* <count-down data-until data-now> (milliseconds) and <time data-relative>: one timer for all of them. */
(() => {
  'use strict';
  const two = (number) => String(number).padStart(2, '0');

  const left = (milliseconds) => {
    if (milliseconds <= 0) return 'any moment';
    const seconds = Math.ceil(milliseconds / 1000);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)} left`;
  };

  class CountDown extends HTMLElement {
    connectedCallback() {
      // The difference of the clocks is taken once: the server's time travels in the same answer.
      this.skew ??= Number(this.dataset.now) - Date.now();
      this.setAttribute('role', 'timer');
      this.show();
    }

    show() {
      const remaining = Number(this.dataset.until) - (Date.now() + this.skew);
      this.textContent = left(remaining);
      this.toggleAttribute('data-near', remaining < 60_000);
    }
  }

  const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

  const ago = (date) => {
    const seconds = Math.round((Date.now() - date) / 1000);
    if (seconds < 10) return 'just now';
    if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
    return day.format(date);
  };

  const showTime = (element) => {
    const date = new Date(element.dateTime);
    if (Number.isNaN(date.getTime())) return;
    const text = ago(date);
    if (element.textContent !== text) element.textContent = text;
    if (!element.dataset.local) {
      element.dataset.local = 'yes';
      element.title = full.format(date);
    }
  };

  const ofDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

  const showClock = (element) => {
    const date = new Date(element.dateTime);
    element.removeAttribute('data-clock');
    if (Number.isNaN(date.getTime())) return;
    element.textContent = ofDay.format(date);
    element.title = full.format(date);
  };

  const showTimes = () => {
    document.querySelectorAll('time[data-relative]').forEach(showTime);
    document.querySelectorAll('time[data-clock]').forEach(showClock);
  };

  let ticks = 0;
  const tick = () => {
    document.querySelectorAll('count-down').forEach((element) => element.show());
    if (ticks % 10 === 0) showTimes();
    ticks += 1;
  };

  customElements.define('count-down', CountDown);
  addEventListener('DOMContentLoaded', showTimes);
  document.addEventListener('htmx:after:swap', showTimes);
  document.addEventListener('live:changed', showTimes);
  setInterval(tick, 1000);
})();
