#!/usr/bin/env node
import { createRequire } from 'node:module'

if (process.platform !== 'linux') {
  process.stderr.write('hugepool: runs on Linux only: HugeTLB pools are a feature of its kernel\n')
  process.exit(4)
}
const { launch } = await import('../dist/main.js')
await launch(() => createRequire(import.meta.url)('../native/build/Release/hugepool.node'))
