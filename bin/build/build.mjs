// Builds dist/. The build stands beside the launcher because both have to agree on how a bundle is
// called and where its code cache is.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeBundles } from './bundles.mjs'
import { makeCaches } from './caches.mjs'
import { writeExtras } from './extras.mjs'

const top = join(import.meta.dirname, '../..')
const dist = join(top, 'dist')

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await makeBundles(top, dist)
writeExtras(top, dist)
await makeCaches(dist)
