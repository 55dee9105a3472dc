// A certified OpenID provider for tests: prints its issuer, serves until its standard input ends.
//
// PUT /test/client   {"redirect_uri": …, "authentication": …} the one client that it knows
// POST /test/keys    other signing keys from now on
//
// Whoever posts an address to the login form is that person.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

// Only the issuer is printed to standard output.
for (const level of ['debug', 'info', 'log', 'warn']) console[level] = console.error;
process.stdin.on('end', () => process.exit()).resume();

let issuer;
let serve;
let client;
let keys = newKeys();

function newKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' });
  return { keys: [{ ...key, alg: 'RS256', use: 'sig', kid: randomUUID() }] };
}

function restart() {
  const provider = new Provider(issuer, {
    clients: client ? [client] : [],
    jwks: keys,
    cookies: { keys: ['a key for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified') }),
    }),
    // Nobody is asked for consent.
    async loadExistingGrant(ctx) {
      const { session, client: asking, provider: own } = ctx.oidc;
      const grant = new own.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  serve = async (request, response) => {
    if (!request.url.startsWith('/login/')) return callback(request, response);
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      return response.end(`<form method="post" action="${request.url}"><input name="email"></form>`);
    }
    const email = new URLSearchParams(await body(request)).get('email');
    const result = email
      ? { login: { accountId: email } }
      : { error: 'access_denied', error_description: 'the user went away' };
    return provider.interactionFinished(request, response, result);
  };
}

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

const server = createServer(async (request, response) => {
  try {
    if (request.url === '/test/client') {
      const { redirect_uri, authentication } = JSON.parse(await body(request));
      client = {
        client_id: 'insomnia',
        client_secret: 'a client secret for tests',
        redirect_uris: [redirect_uri],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: authentication ?? 'client_secret_basic',
      };
      if (authentication === 'none') delete client.client_secret;
      restart();
      return response.end();
    }
    if (request.url === '/test/keys') {
      keys = newKeys();
      restart();
      return response.end();
    }
    return await serve(request, response);
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    return response.end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  process.stdout.write(`${issuer}\n`);
  restart();
});
