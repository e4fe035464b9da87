import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';

export const secondFactorQuery = queryOptions({ queryKey: ['second-factor'], queryFn: () => ask(api.GET('/v1/second-factor', {})) });
export const passkeysQuery = queryOptions({ queryKey: ['passkeys'], queryFn: async () => (await ask(api.GET('/v1/passkeys', {}))).items });

export const startTotp = () => ask(api.POST('/v1/second-factor/totp', {}));
export const confirmTotp = (code: string) => ask(api.POST('/v1/second-factor/totp/confirm', { body: { code } }));
export const removeTotp = (key: string) => ask(api.DELETE('/v1/second-factor/totp', { params: { header: { 'Idempotency-Key': key } } }));
export const newRecoveryCodes = () => ask(api.POST('/v1/second-factor/recovery-codes', {}));
export const removePasskey = (id: string, key: string) =>
  ask(api.DELETE('/v1/passkeys/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

/** Not in every browser, and never over plain HTTP to another machine. */
export const canPasskey = () => 'PublicKeyCredential' in globalThis && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

/** What the browser, or the person at it, said no with. */
function said(cause: unknown): never {
  if (cause instanceof DOMException && (cause.name === 'NotAllowedError' || cause.name === 'AbortError'))
    throw new Error('Nothing was chosen, or the time ran out. Try again.', { cause });
  if (cause instanceof DOMException && cause.name === 'InvalidStateError')
    throw new Error('This device has a passkey for your account already.', { cause });
  throw cause;
}

const asJson = (credential: Credential | null) => JSON.stringify((credential as PublicKeyCredential | null)?.toJSON());

export async function addPasskey(name: string) {
  const { challenge, options } = await ask(api.POST('/v1/passkeys/options', {}));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options) as PublicKeyCredentialCreationOptionsJSON);
  const made = await navigator.credentials.create({ publicKey }).catch(said);
  return ask(api.POST('/v1/passkeys', { body: { challenge, credential: asJson(made), name } }));
}

/** The browser asks the person which passkey, and that it is them. */
async function answered() {
  const { challenge, options } = await ask(api.POST('/v1/sign-in/passkey/options', {}));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options) as PublicKeyCredentialRequestOptionsJSON);
  return { challenge, credential: asJson(await navigator.credentials.get({ publicKey }).catch(said)) };
}

export const signInByPasskey = async () => ask(api.POST('/v1/sign-in/passkey', { body: await answered() }));
export const confirmByPasskey = async () => ask(api.POST('/v1/session/confirm', { body: await answered() }));
export const confirmByCode = (code: string) => ask(api.POST('/v1/session/confirm', { body: { code } }));
