import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporary } from '../helpers/run.ts'

// The line that a release prints for npm, typed where no job of a CI runs, against a registry that takes everything.

const top = join(import.meta.dirname, '../..')
const { name, version, publishConfig } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

/** A registry that has no package, and notes the names of what is attached to those that it gets. */
const registry = async (t: Test) => {
  const attached: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const isPut = request.method === 'PUT'
      if (isPut) attached.push(...Object.keys(JSON.parse(`${Buffer.concat(parts)}`)._attachments))
      response.writeHead(isPut ? 201 : 404, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, attached }
}

/** A directory with a package that asks for what this one asks for. */
const packedIn = (t: Test): string => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'package'))
  const manifest = JSON.stringify({ name, version, publishConfig })
  writeFileSync(join(directory, 'package/package.json'), manifest)
  execFileSync('tar', ['-czf', 'it.tgz', 'package'], { cwd: directory })
  return directory
}

const publish = async (t: Test, ...words: readonly string[]) => {
  const { port, attached } = await registry(t)
  const directory = packedIn(t)
  writeFileSync(join(directory, 'npmrc'), `//127.0.0.1:${port}/:_authToken=anybody\n`)
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    npm_config_userconfig: join(directory, 'npmrc'),
    npm_config_globalconfig: '/dev/null',
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_update_notifier: 'false',
  }
  const line = ['publish', './it.tgz', ...words]
  const said = await new Promise<string>((resolve) =>
    execFile('npm', line, { cwd: directory, env }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    ),
  )
  return { said, attached }
}

t.test('the printed line publishes where it is typed', async (t) => {
  const { said, attached } = await publish(t, '--provenance=false')
  t.strictSame(attached, [`${name}-${version}.tgz`], said)
})

t.test('without that option npm refuses, as package.json asks for a statement', async (t) => {
  const { said, attached } = await publish(t)
  t.match(said, /provenance generation not supported/)
  t.strictSame(attached, [])
})
