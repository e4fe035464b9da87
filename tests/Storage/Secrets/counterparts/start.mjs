// Plays the two calls of AWS KMS and of Azure Key Vault that a master key needs. The signature of each request is made again by aws4, which nobody here wrote, and compared; Key Vault's keys
// are real RSA keys of Node's. Says its address on its first line of output; ends with its input.
import { createCipheriv, createDecipheriv, constants, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import aws4 from 'aws4'

const secrets = { AKIDEXAMPLE: 'example-of-nothing' }
const keys = { 'arn:aws:kms:eu-central-1:111122223333:key/one': randomBytes(32), 'arn:aws:kms:eu-central-1:111122223333:key/two': randomBytes(32) }
const vault = { v1: generateKeyPairSync('rsa', { modulusLength: 2048 }) }
let newest = 'v1'
let fault = null

const canonical = context => JSON.stringify(Object.entries(context ?? {}).sort())

function kms(request, body, host) {
  const header = request.headers.authorization ?? ''
  const [, id, region] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(header) ?? []
  const signed = /SignedHeaders=([^,]+)/.exec(header)?.[1].split(';') ?? []
  if (!secrets[id]) return [400, { __type: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' }]
  const headers = Object.fromEntries(signed.filter(n => n !== 'host').map(n => [n, request.headers[n]]))
  const again = aws4.sign({ host, method: 'POST', path: '/', service: 'kms', region, headers: { Host: host, ...headers }, body, extraHeadersToIgnore: { 'content-length': true } }, { accessKeyId: id, secretAccessKey: secrets[id], sessionToken: request.headers['x-amz-security-token'] })
  if (again.headers.Authorization !== header) return [400, { __type: 'InvalidSignatureException', message: `${again.headers.Authorization} is right` }]
  if (fault) return [fault.status, { __type: `com.amazonaws.kms#${fault.type}`, message: 'as it was asked to' }]
  const asked = JSON.parse(body)
  const key = keys[asked.KeyId]
  if (!key) return [400, { __type: 'NotFoundException', message: 'Invalid keyId' }]
  if (request.headers['x-amz-target'] === 'TrentService.Encrypt') {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(canonical(asked.EncryptionContext)))
    const text = Buffer.concat([cipher.update(Buffer.from(asked.Plaintext, 'base64')), cipher.final()])
    return [200, { CiphertextBlob: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64'), KeyId: asked.KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }]
  }
  try {
    const blob = Buffer.from(asked.CiphertextBlob, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(Buffer.from(canonical(asked.EncryptionContext)))
    decipher.setAuthTag(blob.subarray(12, 28))
    return [200, { Plaintext: Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]).toString('base64'), KeyId: asked.KeyId }]
  } catch {
    return [400, { __type: 'InvalidCiphertextException' }]
  }
}

function keyVault(request, body, host) {
  const url = new URL(request.url, `http://${host}`)
  if (request.headers.authorization !== 'Bearer token-of-the-test') return [401, { error: { code: 'Unauthorized', message: 'AKV10000' } }]
  if (url.searchParams.get('api-version') !== '7.4') return [400, { error: { code: 'BadParameter', message: 'api-version' } }]
  if (fault) return [fault.status, { error: { code: fault.type, message: 'as it was asked to' } }]
  const [, , name, ...rest] = url.pathname.split('/')
  const [version, operation] = rest.length === 2 ? rest : [newest, rest[0]]
  if (name !== 'master' || !vault[version]) return [404, { error: { code: 'KeyNotFound', message: name } }]
  const asked = JSON.parse(body)
  if (asked.alg !== 'RSA-OAEP-256') return [400, { error: { code: 'BadParameter', message: 'alg' } }]
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  try {
    const given = Buffer.from(asked.value, 'base64url')
    const value = operation === 'wrapkey' ? publicEncrypt({ key: vault[version].publicKey, ...padding }, given) : privateDecrypt({ key: vault[version].privateKey, ...padding }, given)
    return [200, { kid: `http://${host}/keys/master/${version}`, value: value.toString('base64url') }]
  } catch {
    return [400, { error: { code: 'BadParameter', message: 'value' } }]
  }
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  const host = request.headers.host
  const [status, answer] = request.url === '/test/fault' ? ((fault = JSON.parse(body)), [200, {}])
    : request.url === '/test/rotate' ? ((vault[(newest = `v${Object.keys(vault).length + 1}`)] = generateKeyPairSync('rsa', { modulusLength: 2048 })), [200, { newest }])
    : request.url === '/credentials' ? request.headers.authorization === 'container-token' ? [200, { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: secrets.AKIDEXAMPLE, Token: 'session', Expiration: new Date(Date.now() + 3600_000).toISOString() }] : [401, {}]
    : request.url.startsWith('/keys/') ? keyVault(request, body, host) : kms(request, body, host)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
process.stdin.on('end', () => process.exit()).resume()
