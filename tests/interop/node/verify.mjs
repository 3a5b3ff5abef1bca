// Checks an export of the ledger with Node.js built-ins and nothing of the bank's: signatures, leaves, roots, tiles.
// node tests/interop/node/verify.mjs <export folder>
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const folder = process.argv[2]
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafHash = bytes => sha256(Buffer.of(0), bytes)
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right)
const fail = words => { console.log(`DOES NOT HOLD: ${words}`); process.exit(1) }
const text = (...names) => readFileSync(join(folder, ...names), 'utf8')

const keys = text('policy.txt').split('\n').filter(line => line.startsWith('log ')).map(line => {
  const [, name, id, base64] = line.match(/^log ([^+]+)\+([0-9a-f]{8})\+(.+)$/) ?? fail(`no key: ${line}`)
  const bytes = Buffer.from(base64, 'base64')
  if (sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex') !== id) fail(`key id of ${name}`)
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)])
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
})

function open(note, origin) {
  const blank = note.lastIndexOf('\n\n')
  const body = note.slice(0, blank + 1)
  const signed = note.slice(blank + 2).split('\n').some(line => {
    const [, name, base64] = line.match(/^\u2014 (\S+) (\S+)$/) ?? []
    const bytes = Buffer.from(base64 ?? '', 'base64')
    const key = keys.find(key => key.name === name && key.id === bytes.subarray(0, 4).toString('hex'))
    return key && verify(null, Buffer.from(body), key.key, bytes.subarray(4))
  })
  const [named, size, root] = body.split('\n')
  if (!signed || named !== origin) fail(`a checkpoint of ${origin} is not signed by a key of the policy`)
  return { size: Number(size), root }
}

function rootOf(range) {
  if (range.length === 0) return sha256('').toString('base64')
  return range.map(part => part.hash).reduceRight((right, left) => nodeHash(left, right)).toString('base64')
}

function append(range, hash) {
  let node = { height: 0, hash }
  while (range.at(-1)?.height === node.height) {
    node = { height: node.height + 1, hash: nodeHash(range.pop().hash, node.hash) }
  }
  range.push(node)
}

const tilePath = (index, width) => {
  const parts = [String(index % 1000).padStart(3, '0')]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  }
  return `tile/0/${parts.join('/')}${width < 256 ? `.p/${width}` : ''}`
}

const manifest = JSON.parse(text('export.json'))
let events = 0
for (const { log, origin } of manifest.logs) {
  const isTop = log === 'top'
  const newest = open(text(log, 'checkpoint'), origin)
  const older = text(log, 'checkpoints.ndjson').split('\n').filter(Boolean).map(line => open(JSON.parse(line), origin))
  const roots = new Map([...older, newest].map(checkpoint => [checkpoint.size, checkpoint.root]))
  const range = []
  let size = 0
  let tile = []
  const check = () => {
    if (roots.has(size) && rootOf(range) !== roots.get(size)) fail(`${log}: the root at ${size} is not what was signed`)
    if (tile.length === 256 || (size === newest.size && tile.length > 0)) {
      const stored = readFileSync(join(folder, log, tilePath(Math.floor((size - 1) / 256), tile.length)))
      if (!stored.equals(Buffer.concat(tile))) fail(`${log}: the tile that ends at ${size}`)
      tile = []
    }
  }
  check()
  const path = join(folder, log, isTop ? 'entries.ndjson' : 'events.ndjson')
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const hash = leafHash(Buffer.from(isTop ? JSON.parse(line) : line))
    append(range, hash)
    tile.push(hash)
    size++
    check()
  }
  if (size !== newest.size) fail(`${log}: ${size} of ${newest.size} leaves`)
  if (existsSync(join(folder, log, 'unlogged.ndjson'))) fail(`${log}: events that are no leaves`)
  events += size
}
console.log(`holds: ${manifest.logs.length} logs, ${events} leaves`)
