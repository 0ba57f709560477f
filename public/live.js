/* Fetches a part of the page again every few seconds, as long as somebody looks. Without it the page is reloaded by hand. */
(() => {
  const part = document.querySelector('[data-live]');
  const bar = document.querySelector('[data-live-bar]');
  if (!part || !bar) return;
  const every = Number(part.dataset.every) * 1000;
  const reader = document.querySelector('[data-live-says]');
  const longest = 60_000;
  let wait = every;
  let timer;
  let paused = false;
  let asking = false;
  let ended = false;

  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain small';
  const note = document.createElement('span');
  note.className = 'quiet';
  note.setAttribute('role', 'status');
  bar.append(' ', button, ' ', note);

  function show() {
    button.textContent = paused ? 'Go on' : 'Pause';
    button.setAttribute('aria-label', paused ? 'Go on refreshing this page' : 'Stop refreshing this page');
    if (note.dataset.trouble !== 'yes') {
      note.textContent = paused ? 'Paused.' : `Refreshes itself every ${every / 1000} seconds.`;
    }
  }

  function trouble(text) {
    note.dataset.trouble = text === '' ? 'no' : 'yes';
    if (text !== '') note.textContent = text;
  }

  function later() {
    window.clearTimeout(timer);
    if (!paused && !ended && !document.hidden) timer = window.setTimeout(ask, wait);
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      // Nobody loses what they are marking or reading by the keyboard.
      if (inUse()) return;
      const answer = await window.fetch(part.dataset.live, { credentials: 'same-origin', redirect: 'error' });
      if (answer.status === 401) {
        paused = true;
        trouble('You are signed out: reload the page to sign in.');
      } else if (answer.ok) {
        const html = await answer.text();
        if (!paused) replace(html);
        wait = every;
        trouble('');
        if (part.querySelector('[data-ended]')) return void end();
      } else {
        slower(`Not refreshed: the service answered with ${answer.status}.`);
      }
    } catch {
      slower('Not refreshed: the service cannot be reached.');
    } finally {
      asking = false;
      show();
      later();
    }
  }

  function slower(text) {
    wait = Math.min(wait * 2, longest);
    trouble(`${text} Trying again in ${wait / 1000} seconds.`);
  }

  function inUse() {
    const selection = window.getSelection();
    return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
  }

  /** What is followed is over: nothing more is asked, and whoever was in the bar is taken to how it ended. */
  function end() {
    ended = true;
    const wasThere = bar.contains(document.activeElement);
    bar.remove();
    if (!wasThere) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }

  /** Once for each sentence, not each time that the rest changes. */
  function readOut() {
    const sentence = part.querySelector('[data-says]')?.dataset.says;
    if (reader && sentence !== undefined && reader.textContent !== sentence) reader.textContent = sentence;
  }

  /** Keeps the place that somebody has scrolled a table to, and the focus. */
  function replace(html) {
    const regions = () => [...part.querySelectorAll('.scroll')];
    const before = regions();
    const places = before.map((region) => [region.scrollLeft, region.scrollTop]);
    const focused = before.indexOf(document.activeElement);
    part.innerHTML = html;
    regions().forEach((region, i) => {
      [region.scrollLeft, region.scrollTop] = places[i] ?? [0, 0];
    });
    if (focused >= 0) regions()[focused]?.focus({ preventScroll: true });
    readOut();
  }

  button.addEventListener('click', () => {
    paused = !paused;
    trouble('');
    wait = every;
    show();
    if (paused) window.clearTimeout(timer);
    else void ask();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) window.clearTimeout(timer);
    else if (!paused && !ended) void ask();
  });
  show();
  later();
})();
