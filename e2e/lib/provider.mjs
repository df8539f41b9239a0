// A real identity provider on loopback, for the tests of signing in. Its one argument says who asks it:
// { "redirectUri", "clients": [{ "id", "jwk" | "secret" | "rsa": true, "kid", … }] }. It answers one line of JSON: where it is, and the
// private key of its RSA clients, which Rust cannot make. It ends with its standard input.
// Some people who sign in here (see `mischief`) are given tokens that nobody should believe.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { SignJWT, base64url, calculateJwkThumbprint, decodeJwt, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const { redirectUri, clients } = JSON.parse(process.argv[2]);

const pair = async (kid, alg) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const own = { kid, use: 'sig' };
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(privateKey)), ...own }, publicJwk: { ...(await exportJWK(publicKey)), ...own } };
};
const [ec, rsa, next, stranger, client] = await Promise.all([
  pair('ec', 'ES256'), pair('rsa', 'RS256'), pair('next', 'ES256'), pair('ec', 'ES256'), pair('client', 'RS256'),
]);

client.publicJwk.kid = await calculateJwkThumbprint(client.publicJwk);

const now = () => Math.floor(Date.now() / 1000);
const signed = (claims, key = ec) => new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid }).sign(key.privateKey);
const changed = (token, part, change) => {
  const parts = token.split('.');
  parts[part] = base64url.encode(JSON.stringify(change(JSON.parse(new TextDecoder().decode(base64url.decode(parts[part]))))));
  return parts.join('.');
};

// What happens to the ID token of a person with this name.
const mischief = {
  'other-audience': (claims) => signed({ ...claims, aud: 'somebody-else' }),
  'two-audiences': (claims) => signed({ ...claims, aud: [claims.aud, 'somebody-else'], azp: 'somebody-else' }),
  'other-issuer': (claims) => signed({ ...claims, iss: 'https://login.example.jp' }),
  'other-nonce': (claims) => signed({ ...claims, nonce: 'another' }),
  'no-nonce': ({ nonce, ...claims }) => signed(claims),
  'no-end': ({ exp, ...claims }) => signed(claims),
  'long-ago': (claims) => signed({ ...claims, exp: now() - 3600, iat: now() - 7200 }),
  'far-ahead': (claims) => signed({ ...claims, exp: now() + 7200, iat: now() + 3600 }),
  'other-hash': (claims) => signed({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  'other-key': (claims) => signed(claims, stranger),
  'changed': (claims, token) => changed(token, 1, (body) => ({ ...body, sub: 'mayor' })),
  'unsigned': (claims, token) => changed(token, 0, (head) => ({ ...head, alg: 'none' })).replace(/[^.]*$/, ''),
  'shared-secret': (claims, token) => changed(token, 0, (head) => ({ ...head, alg: 'HS256' })),
  'talkative': (claims) => signed({ ...claims, name: '花', email: 'hana@city.example.jp', email_verified: true }),
  'next-key': (claims) => { isNextKeyShown = true; return signed(claims, next); },
  'long-winded': (claims) => signed({ ...claims, more: 'x'.repeat(600_000) }),
  'speechless': () => undefined,
};
let isNextKeyShown = false;

const server = createServer();
server.listen(0, '127.0.0.1');
await new Promise((resolve) => { server.once('listening', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

// The provider says at length that it is no provider for production.
console.info = console.warn = () => {};

const provider = new Provider(issuer, {
  clients: clients.map(({ id, jwk, secret, rsa: isRsa, kid, ...more }) => ({
    client_id: id,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256',
    require_auth_time: true,
    ...(secret
      ? { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret }
      : { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [isRsa ? { ...client.publicJwk, ...(kid && { kid }) } : jwk] } }),
    ...more,
  })),
  jwks: { keys: [ec.jwk, rsa.jwk] },
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256'],
    idTokenSigningAlgValues: ['ES256', 'RS256', 'PS256'],
  },
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'email', 'staff'],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], staff: ['employee_number'] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id} さん`,
      preferred_username: id,
      // Whoever signs in here by an address has that address.
      email: id.includes('@') ? id : `${id}@city.example.jp`,
      email_verified: id !== 'unverified',
      ...(id === 'numberless' ? {} : { employee_number: 20481 }),
    }),
  }),
});

provider.use(async (ctx, next_) => {
  await next_();
  const account = ctx.oidc?.account?.accountId;
  if (ctx.path === '/token' && ctx.status === 200 && mischief[account]) {
    ctx.body = { ...ctx.body, id_token: await mischief[account](decodeJwt(ctx.body.id_token), ctx.body.id_token) };
  }
  if (ctx.path === '/me' && ['two-faced', 'talkative'].includes(account)) ctx.body = { ...ctx.body, sub: 'mayor' };
  if (ctx.path === '/me' && account === 'moved') ctx.redirect(`${issuer}/jwks`);
  if (ctx.path === '/jwks' && isNextKeyShown) ctx.body = { keys: [...ctx.body.keys, next.publicJwk] };
});

server.on('request', provider.callback());
console.log(JSON.stringify({ issuer, rsa: await exportPKCS8(client.privateKey) }));

process.stdin.on('end', () => process.exit(0)).resume();
