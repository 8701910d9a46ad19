// A certified identity provider for the tests: three people, no password asked, no page of consent.
// usage: node provider.mjs ISSUER HUB
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

const [issuer, hub] = process.argv.slice(2);

const people = {
  ada: { name: 'Ada Lovelace', preferred_username: 'ada', groups: ['staff', 'wghub-admins'] },
  olga: { name: 'Olga Operator', preferred_username: 'olga', groups: ['wghub-operators'] },
  niels: { name: 'Niels Nobody', preferred_username: 'niels', groups: ['wghub-admins-not'] },
};

const newKey = () => ({ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' });

// What browsers and the provider remember outlives a change of its keys, as it does in a real one: the adapter's store is the module's.
const cookieKeys = [randomUUID()];

function newProvider() {
  const provider = new Provider(issuer, {
    adapter: kind => new MemoryAdapter(kind),
    cookies: { keys: cookieKeys },
    jwks: { keys: [newKey()] },
    clients: [{
      client_id: 'wghub',
      client_secret: 'a-secret-of-the-tests',
      redirect_uris: [`${hub}/signin-oidc`],
      post_logout_redirect_uris: [`${hub}/signout-callback-oidc`],
      backchannel_logout_uri: `${hub}/backchannel-logout`,
      backchannel_logout_session_required: true,
    }],
    claims: { openid: ['sub', 'sid'], profile: ['name', 'preferred_username', 'groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
    // The provider's own fetch refuses loopback addresses, where the hub is in the tests.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    loadExistingGrant: async context => {
      const { client, session, provider: here } = context.oidc;
      const grant = new here.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  for (const event of ['server_error', 'backchannel.error']) {
    provider.on(event, (_, error) => console.error(event, error));
  }
  return provider.callback();
}

let answer = newProvider();
createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/_test/rotate') {
    answer = newProvider();
    response.writeHead(204).end();
  } else {
    answer(request, response);
  }
}).listen(Number(new URL(issuer).port), new URL(issuer).hostname);
