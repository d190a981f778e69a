import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { PackageURL } from 'packageurl-js'
import parseExpression from 'spdx-expression-parse'
import { packagesOf } from './packages.mjs'

/** The file in dist/ that lists the packages whose code is in the bundles or the addon, as CycloneDX. */
export const bomName = 'sbom.cdx.json'

const { Builders, Factories } = Contrib.FromNodePackageJson
const components = new Builders.ComponentBuilder(
  new Factories.ExternalReferenceFactory(),
  new Contrib.License.Factories.LicenseFactory(parseExpression),
)
const serializer = new Serialize.JsonSerializer(
  new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
)

/** A package is known by this name everywhere, and by it others in the document refer to it. */
const namedBy = (component, purl) => {
  component.purl = purl
  component.bomRef.value = purl
  return component
}

const npmPurl = (name, version) => {
  const [base, scope] = name.split('/').reverse()
  return new PackageURL('npm', scope, base, version).toString()
}

/** Where npm gets a package, with the sum of it that the lock has. */
const distributionOf = ({ name, version }, integrity) => {
  const base = name.split('/').at(-1)
  return { tarball: `https://registry.npmjs.org/${name}/-/${base}-${version}.tgz`, integrity }
}

/** npm puts a package into the nearest node_modules above those that need it. */
const nearest = (found, top, directory, name) => {
  for (let at = directory; ; at = dirname(at)) {
    const component = found.get(join(at, 'node_modules', name))
    if (component !== undefined || at === top) return component
  }
}

/** Links each package with those of its dependencies that are inside, too. */
const linkAll = (root, found, top, manifests) => {
  const link = (component, directory, { dependencies = {} }) => {
    for (const name of Object.keys(dependencies)) {
      const other = nearest(found, top, directory, name)
      if (other !== undefined) component.dependencies.add(other.bomRef)
    }
  }
  link(root, top, manifests.own)
  for (const each of manifests.packages) link(found.get(each.directory), each.directory, each)
}

/** The day of a version in the changelog, so that the document says the same wherever it is made. */
const dayOf = (changelog, version) => {
  const day = changelog.split(`\n## [${version}] - `)[1]?.slice(0, 'YYYY-MM-DD'.length)
  return day === undefined ? undefined : new Date(`${day}T00:00:00Z`)
}

/** Returns a document that lists hugepool with the packages that the files are from. */
export const packageBom = (top, files) => {
  const read = (name) => readFileSync(join(top, name), 'utf8')
  const own = JSON.parse(read('package.json'))
  const locked = JSON.parse(read('package-lock.json')).packages
  const packages = packagesOf(top, files)
  const found = new Map(
    packages.map((each) => {
      const { engines: _, directory, ...facts } = each
      const dist = distributionOf(each, locked[relative(top, directory)]?.integrity)
      const component = components.makeComponent({ ...facts, dist })
      return [directory, namedBy(component, npmPurl(each.name, each.version))]
    }),
  )
  const { engines: _, ...facts } = own
  const root = namedBy(
    components.makeComponent(facts, Enums.ComponentType.Application),
    npmPurl(own.name, own.version),
  )
  linkAll(root, found, top, { own, packages })
  const supplier = new Models.OrganizationalEntity({ name: own.author })
  const timestamp = dayOf(read('CHANGELOG.md'), own.version)
  const metadata = new Models.Metadata({ timestamp, component: root, supplier })
  const bom = new Models.Bom({
    metadata,
    components: new Models.ComponentRepository(found.values()),
  })
  return JSON.parse(serializer.serialize(bom, { sortLists: true }))
}

/** Numbers of interfaces in `process.versions`, which are no parts of Node. */
const interfaces = ['modules', 'napi', 'node']

const generic = (type, name, version) => {
  const purl = new PackageURL('generic', undefined, name, version).toString()
  return { type, name, version, 'bom-ref': purl, purl }
}

const byRef = (one, other) => (one.ref < other.ref ? -1 : 1)

/** Returns a document with Node in it and the libraries of that, which `versions` of its process tells. */
export const withNode = (document, versions) => {
  const node = generic('platform', 'node', versions.node)
  const parts = Object.entries(versions)
    .filter(([name]) => !interfaces.includes(name))
    .sort()
    .map(([name, version]) => generic('library', name, version))
  const refs = parts.map((part) => part['bom-ref'])
  const root = document.metadata.component['bom-ref']
  const links = document.dependencies.map(({ ref, dependsOn = [], ...rest }) =>
    ref === root
      ? { ref, dependsOn: [...dependsOn, node['bom-ref']] }
      : { ref, dependsOn, ...rest },
  )
  return {
    ...document,
    components: [
      ...document.components,
      { ...node, licenses: [{ license: { id: 'MIT' } }], components: parts },
    ],
    dependencies: [
      ...links,
      { ref: node['bom-ref'], dependsOn: refs },
      ...refs.map((ref) => ({ ref })),
    ].sort(byRef),
  }
}

/** A UUID of the version that RFC 9562 keeps for any content: here of a hash. */
const uuidOf = (text) => {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16], 16) % 4]
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

/** Returns the text of a document, whose serial number follows from all else that it says. */
export const bomText = ({ serialNumber: _, ...document }) => {
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(document))}`
  return `${JSON.stringify({ ...document, serialNumber }, undefined, 2)}\n`
}

/** Writes the list of the packages that the bundled files are from. */
export const writeBom = (top, dist, files) =>
  writeFileSync(join(dist, bomName), bomText(packageBom(top, files)))
