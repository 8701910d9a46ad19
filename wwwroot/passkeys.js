// A form with data-passkey is sent with the browser's answer to a challenge of the hub: "create" makes a passkey, "get" uses one.

const bytesOf = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
const textOf = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// The browser's own reading and writing of JSON is younger than passkeys, and some password managers get it wrong.
function optionsOf({ challenge, user, allowCredentials = [], excludeCredentials = [], ...others }) {
  const withBytes = entry => ({ ...entry, id: bytesOf(entry.id) });
  return {
    ...others,
    challenge: bytesOf(challenge),
    ...(user && { user: withBytes(user) }),
    allowCredentials: allowCredentials.map(withBytes),
    excludeCredentials: excludeCredentials.map(withBytes),
  };
}

function answerOf(credential) {
  const { response } = credential;
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].filter(name => response[name]);
  return JSON.stringify({
    id: textOf(credential.rawId),
    rawId: textOf(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(names.map(name => [name, textOf(response[name])])), transports: response.getTransports?.() },
  });
}

const words = {
  InvalidStateError: 'This device holds a passkey of yours already.',
  NotAllowedError: 'No passkey was chosen.',
  SecurityError: 'The browser allows no passkey at this address.',
};

async function answer(form) {
  const challenge = await fetch(`${form.action}?handler=Options`, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
  if (!challenge.ok) return; // sent without an answer, the form comes back with the hub's own words
  const publicKey = optionsOf(await challenge.json());
  form.elements.answer.value = answerOf(await navigator.credentials[form.dataset.passkey]({ publicKey }));
}

document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  try {
    await answer(form);
    form.submit();
  } catch (error) {
    form.querySelector('[role=status]').textContent = words[error.name] ?? 'This browser cannot use the passkey.';
  }
});
