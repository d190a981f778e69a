import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import t from 'tap'

// What is inside is listed as CycloneDX, of the same files that the licences are gathered for.

const top = join(import.meta.dirname, '../..')
const textOf = (path: string): string => readFileSync(join(top, path), 'utf8')
const { bomText, packageBom, withNode } = await import(
  pathToFileURL(join(top, 'bin/build/sbom.mjs')).href
)

interface Component {
  readonly 'bom-ref': string
  readonly purl: string
  readonly group?: string
  readonly name: string
  readonly version: string
  readonly licenses: readonly { readonly license: { readonly id: string } }[]
  readonly components?: readonly Component[]
  readonly externalReferences: readonly {
    readonly type: string
    readonly url: string
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
  }[]
}

interface Document {
  readonly serialNumber: string
  readonly metadata: { readonly timestamp: string; readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: string[] }[]
}

const shipped = textOf('dist/sbom.cdx.json')
const document: Document = JSON.parse(shipped)
const manifest = JSON.parse(textOf('package.json'))

/** What the schema has against a document. */
const faults = (text: string) =>
  new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)

const nameOf = ({ group, name }: Component): string =>
  group === undefined ? name : `${group}/${name}`

t.test('it is valid CycloneDX 1.6', async (t) => {
  t.equal(await faults(shipped), null)
  const wrong = { ...document, components: [{ type: 'library' }] }
  t.not(await faults(JSON.stringify(wrong)), null, 'a component without a name is noticed')
})

t.test('it lists what the licences are of, and no other', async (t) => {
  const headings = [...textOf('dist/THIRD-PARTY-LICENCES.txt').matchAll(/^(.+)\n=+$/gm)]
  const listed = document.components.map((component) => {
    const [{ license } = { license: { id: 'none' } }] = component.licenses
    return `${nameOf(component)} ${component.version} (${license.id})`
  })
  t.ok(listed.length > 15)
  t.strictSame(listed.toSorted(), headings.map(([, heading]) => heading).toSorted())
  t.strictSame(
    [document.metadata.component.name, document.metadata.component.version],
    [manifest.name, manifest.version],
  )
})

t.test('packages are named as npm names them, with the sum that the lock has', async (t) => {
  const { packages } = JSON.parse(textOf('package-lock.json'))
  const locked = new Map<string, string>(
    Object.entries<{ version: string; integrity?: string }>(packages).map(([path, facts]) => [
      `${path.replace(/^.*node_modules\//, '')} ${facts.version}`,
      facts.integrity ?? '',
    ]),
  )
  for (const component of document.components) {
    const name = nameOf(component)
    t.equal(component.purl, `pkg:npm/${name.replace('@', '%40')}@${component.version}`)
    t.equal(component['bom-ref'], component.purl)
    const from = component.externalReferences.find(({ type }) => type === 'distribution')
    const [hash] = from?.hashes ?? []
    t.equal(hash?.alg, 'SHA-512', name)
    const integrity = `sha512-${Buffer.from(hash?.content ?? '', 'hex').toString('base64')}`
    t.equal(integrity, locked.get(`${name} ${component.version}`), name)
    t.match(
      from?.url,
      new RegExp(`^https://registry\\.npmjs\\.org/${name}/-/.*${component.version}`),
    )
  }
})

t.test('it tells what needs what, of all that is inside', async (t) => {
  const known = [document.metadata.component, ...document.components].map((each) => each['bom-ref'])
  const needs = new Map(document.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]))
  t.strictSame([...needs.keys()].toSorted(), known.toSorted())
  const named = (ref: string) =>
    needs.get(ref)?.map((each) => each.replace(/^pkg:npm\/(.*)@.*$/, '$1')) ?? []
  t.strictSame(
    named(document.metadata.component.purl).toSorted(),
    Object.keys(manifest.dependencies).toSorted(),
  )
  const chalk = document.components.find(({ name }) => name === 'chalk')
  t.strictSame(named(chalk?.purl ?? ''), [])
  const yargs = document.components.find(({ name }) => name === 'yargs')
  t.strictSame(named(yargs?.purl ?? '').toSorted(), [
    'cliui',
    'escalade',
    'get-caller-file',
    'y18n',
    'yargs-parser',
  ])
})

const file = 'node_modules/chalk/source/index.js'

t.test(
  'it is the same wherever it is made, and its number follows from what it says',
  async (t) => {
    const made = bomText(packageBom(top, [file]))
    t.equal(bomText(packageBom(top, [file, 'src/main.ts'])), made)
    const [, day] = textOf('CHANGELOG.md').split(`\n## [${manifest.version}] - `)
    t.equal(document.metadata.timestamp, `${day?.slice(0, 10)}T00:00:00.000Z`)
    const number = (text: string): string => JSON.parse(text).serialNumber
    t.match(
      number(made),
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    t.not(number(made), number(shipped), 'another list has another number')
  },
)

t.test('Node is listed with the libraries in it', async (t) => {
  const versions = {
    node: '26.1.2',
    modules: '144',
    napi: '10',
    uv: '1.52.0',
    openssl: '3.5.1+quic',
  }
  const text = bomText(withNode(packageBom(top, [file]), versions))
  t.equal(await faults(text), null)
  const told: Document = JSON.parse(text)
  const node = told.components.find(({ name }) => name === 'node')
  t.equal(node?.purl, 'pkg:generic/node@26.1.2')
  t.strictSame(
    node?.components?.map(({ name, version }) => `${name} ${version}`),
    ['openssl 3.5.1+quic', 'uv 1.52.0'],
  )
  const edges = new Map(told.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  t.match(edges.get(told.metadata.component.purl)?.join(' '), /pkg:generic\/node@26\.1\.2/)
  t.equal(edges.get('pkg:generic/node@26.1.2')?.length, 2)
})
