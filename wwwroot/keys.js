// Keys for whoever would rather not reach for the mouse: / searches, ? lists them, g and a letter goes to a page. They rest while somebody
// writes, and can be switched off: speech input and trembling hands press keys that nobody meant.
(() => {
  const pages = [['d', ''], ['s', 'spokes'], ['t', 'tokens'], ['c', 'clusters'], ['a', 'audit']];
  const PATIENCE = 1_500; // ms between g and the letter
  let begunAt = -Infinity;

  const isOn = () => localStorage.getItem('keys') !== 'off';
  const search = () => document.querySelector('[role="search"] [type="search"]');
  const linkOf = where => document.querySelector(where ? `.header-nav [href$="/${where}"]` : '.navbar-brand');

  const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text, ...properties });
  const line = (keys, what) => {
    const row = document.createElement('div');
    row.append(element('dt', ''), element('dd', what));
    for (const key of keys) row.firstChild.append(element('kbd', key), ' ');
    return row;
  };

  const makeDialog = () => {
    const dialog = element('dialog', '', { id: 'keys', className: 'card' });
    const body = element('div', '', { className: 'card-body' });
    const list = element('dl', '', { className: 'keys' });
    if (search()) list.append(line('/', 'Search this list'));
    for (const [key, where] of pages) if (linkOf(where)) list.append(line(['g', key], where ? linkOf(where).textContent.trim() : 'Dashboard'));
    list.append(line('?', 'This list'));
    const choice = element('label', '', { className: 'form-check mb-0' });
    const box = element('input', '', { type: 'checkbox', className: 'form-check-input', checked: isOn() });
    box.addEventListener('change', () => localStorage.setItem('keys', box.checked ? 'on' : 'off'));
    choice.append(box, element('span', 'Keys are on', { className: 'form-check-label' }));
    const foot = element('form', '', { method: 'dialog', className: 'card-footer text-end' });
    foot.append(element('button', 'Close', { className: 'btn' }));
    body.append(element('h2', 'Keys', { className: 'card-title', id: 'keys-title' }), list, choice);
    dialog.append(body, foot);
    dialog.setAttribute('aria-labelledby', 'keys-title');
    dialog.addEventListener('close', () => dialog.remove());
    return dialog;
  };

  const show = () => {
    if (document.querySelector('dialog[open]')) return;
    const dialog = makeDialog();
    document.body.append(dialog);
    dialog.showModal();
  };

  const isWriting = target => target.closest('textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"])');

  document.addEventListener('click', event => { if (event.target.closest('[data-keys]')) show(); });
  document.addEventListener('keydown', event => {
    const isSecond = event.timeStamp - begunAt < PATIENCE;
    begunAt = -Infinity;
    if (!isOn() || event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]') || isWriting(event.target)) return;
    const page = isSecond && pages.find(([key]) => key === event.key);
    if (page) linkOf(page[1])?.click();
    else if (event.key === '?') show();
    else if (event.key === 'g') begunAt = event.timeStamp;
    else if (event.key === '/' && search()) {
      event.preventDefault(); // or the stroke would be written there
      search().focus();
      search().select();
    }
  });
})();
