// The page /join/{token}: the key pair is made here, and the hub is sent its public half alone. The private half is in this
// page's memory, in the file and in the code that it shows, and nowhere else.

const page = document.getElementById('join');
const form = document.getElementById('join-form');
const problem = document.getElementById('join-problem');

/** A code with more modules than this version has is hard on a phone's camera. */
const densestVersion = 15;

const base64 = bytes => btoa(String.fromCharCode(...bytes));
const bytesOf = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));

/** As wg(8) writes private keys. Whoever computes with one does this anyway (RFC 7748, 5), so its public key stays. */
function clamp(key) {
  key[0] &= 248;
  key[31] = (key[31] & 127) | 64;
  return key;
}

async function makeByBrowser() {
  const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  const { d, x } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { privateKey: base64(clamp(bytesOf(d))), publicKey: base64(bytesOf(x)) };
}

/** For browsers older than X25519 in WebCrypto (2023 to 2025); the random bytes are the browser's all the same. */
async function makeByLibrary() {
  await import(page.dataset.nacl);
  const pair = globalThis.nacl.box.keyPair();
  return { privateKey: base64(clamp(pair.secretKey)), publicKey: base64(pair.publicKey) };
}

async function register(publicKey) {
  const answer = await fetch(new URL('../api/spoke/register', import.meta.url), { // beside the folder of the scripts, whatever path the hub is below
    method: 'POST',
    credentials: 'omit', // the token is the right, whoever else is signed in here
    referrerPolicy: 'no-referrer',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: page.dataset.token, publicKey, os: form.elements.os.value }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function confOf(privateKey, { spoke, hub, presharedKey }) {
  const section = (name, lines) => `[${name}]\n${Object.entries(lines).filter(([, value]) => value).map(([key, value]) => `${key} = ${value}\n`).join('')}`;
  const dns = [...hub.dns, hub.searchDomain].filter(Boolean);
  const tunnel = section('Interface', { PrivateKey: privateKey, Address: spoke.allowedIPs.join(', '), DNS: dns.join(', '), MTU: hub.mtu });
  const peer = section('Peer', {
    PublicKey: hub.publicKey,
    PresharedKey: presharedKey,
    AllowedIPs: hub.allowedIPs.join(', '),
    Endpoint: hub.publicEndpoint,
    PersistentKeepalive: hub.persistentKeepalive,
  });
  return `${tunnel}\n${peer}`;
}

function drawing(name, attributes, ...inside) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

/** The conf without what only people need, at the lowest error correction: a screen is neither dirty nor torn. */
async function showCode(conf) {
  const { encode } = await import(page.dataset.qr);
  const { data, size, version } = encode(conf.replaceAll(' = ', '=').replaceAll(', ', ',').replaceAll('\n\n', '\n'), { ecc: 'L', border: 4 });
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const code = drawing('svg', { role: 'img', 'aria-label': 'QR code', viewBox: `0 0 ${size} ${size}`, 'shape-rendering': 'crispEdges' });
  code.append(drawing('path', { fill: '#fff', d: `M0 0h${size}v${size}h-${size}z` }), drawing('path', { d: dark }));
  document.getElementById('join-code').replaceChildren(code);
  document.getElementById('join-dense').hidden = version <= densestVersion;
}

/** The apps name the tunnel after the file: 15 characters at most, as Linux has it for interfaces. */
const fileNameOf = spokeName => `${spokeName.replace(/[^a-zA-Z0-9_=+.-]/g, '').slice(0, 15)}.conf`;

async function show(conf, spokeName) {
  const file = document.getElementById('join-file');
  file.href = URL.createObjectURL(new Blob([conf], { type: 'application/octet-stream' })); // no ending is put behind .conf
  file.download = fileNameOf(spokeName);
  document.getElementById('join-conf').textContent = conf;
  document.getElementById('join-ask').hidden = true;
  document.getElementById('join-done').hidden = false;
  document.querySelectorAll('[data-os]').forEach(steps => { steps.hidden = !steps.dataset.os.split(' ').includes(form.elements.os.value); });
  await showCode(conf).catch(() => { document.getElementById('join-scan').hidden = true; }); // more than the largest code holds
}

let pair;
let isUnsaved = false;

async function join() {
  pair ??= await makeByBrowser().catch(makeByLibrary); // kept: the hub gives the same key the same answer, should this one be lost
  const registered = await register(pair.publicKey);
  isUnsaved = true;
  await show(confOf(pair.privateKey, registered), registered.spoke.name);
}

function tell(error) {
  problem.hidden = false;
  problem.textContent = error.name === 'Error' ? error.message : 'The hub did not answer. Nothing is lost: try it again.';
}

/** What the device before which the person sits most likely is. */
function guess() {
  const words = { Android: 'android', iPhone: 'ios', iPad: 'ios', Windows: 'windows', Macintosh: 'macos', Linux: 'linux' };
  const found = Object.entries(words).find(([word]) => navigator.userAgent.includes(word))?.[1];
  if ([...form.elements.os.options].some(option => option.value === found)) form.elements.os.value = found;
}

if (form) {
  // Without it there is no WebCrypto, and whoever is on the way could change this very script.
  document.getElementById('join-insecure').hidden = isSecureContext;
  form.hidden = !isSecureContext;
  guess();
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector('button');
    button.disabled = true;
    problem.hidden = true;
    await join().catch(tell);
    button.disabled = false;
  });
  document.getElementById('join-done').addEventListener('click', event => {
    if (!event.target.closest('[data-saves]')) return;
    isUnsaved = false;
    document.getElementById('join-safe').hidden = false;
  });
  addEventListener('beforeunload', event => { if (isUnsaved) event.preventDefault(); });
}
