// WgHub's own script. Every page works without it.

/** Without https there is no clipboard to write to; the older command still copies what is selected. */
async function copy(source) {
  getSelection().selectAllChildren(source);
  if (!navigator.clipboard) return document.execCommand('copy');
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    return false;
  }
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const done = await copy(document.getElementById(button.dataset.copy));
  button.textContent = done ? 'Copied' : 'Selected: press Ctrl+C';
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
});

document.addEventListener('click', event => { if (event.target.closest('[data-print]')) print(); });

// One box for all of a page.
document.addEventListener('change', event => {
  const name = event.target.dataset.checkAll;
  if (name) document.getElementsByName(name).forEach(box => { box.checked = event.target.checked; });
});

// What a list is not narrowed by has no place in its address.
document.addEventListener('htmx:config:request', event => {
  const { method, body } = event.detail.ctx.request;
  if (method === 'GET') for (const [name, value] of [...body]) if (value === '') body.delete(name);
});

// A poll tells what it was given last; while that stands, the hub answers 304 and nothing is swapped.
let given = new WeakMap();
document.addEventListener('htmx:config:request', event => {
  const { request, sourceElement } = event.detail.ctx;
  if (request.method === 'GET' && given.has(sourceElement)) request.headers['If-None-Match'] = given.get(sourceElement);
});
document.addEventListener('htmx:after:request', event => {
  const { request, response, sourceElement, target } = event.detail.ctx;
  if (request.method !== 'GET' || sourceElement !== target) given = new WeakMap(); // it may change what a poll has shown
  else if (response.status === 200) given.set(sourceElement, response.headers.get('ETag'));
});

// A page that polls tells when the hub no longer answers, also when it says nothing at all, and takes it back with the next answer.
const PATIENCE = 2_000; // ms; with the three seconds between two polls it is told within five
const GIVE_UP = 10_000; // then the next poll begins
let silence;
const tellLost = lost => {
  clearTimeout(silence);
  document.getElementById('lost').hidden = !lost;
};
document.addEventListener('htmx:before:request', event => {
  const { request } = event.detail.ctx;
  if (request.method !== 'GET') return;
  clearTimeout(silence);
  silence = setTimeout(() => {
    tellLost(true);
    silence = setTimeout(() => request.abort?.('timeout'), GIVE_UP - PATIENCE);
  }, PATIENCE);
});
document.addEventListener('htmx:error', () => tellLost(true));
document.addEventListener('htmx:after:request', event => {
  const { request, response } = event.detail.ctx;
  if (request.method === 'GET') tellLost(response.status >= 500);
});

// The address that the hub tells at its first start carries the set-up code behind the #, where no server and no log sees it.
function takeCode() {
  const field = document.querySelector('[data-from-hash]');
  if (!field || location.hash.length < 2) return;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
}

takeCode();
addEventListener('hashchange', takeCode);
