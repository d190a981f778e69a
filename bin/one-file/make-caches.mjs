// Writes the code caches of the bundles in a directory: make-caches.mjs DIRECTORY. The Node that runs
// this is the one that the caches are for. It is in one file with them, so none says whose it is, and the
// bundles are where bin/one-file/main.cjs has them.
import { makeCaches } from '../build/caches.mjs'

await makeCaches(process.argv[2], { head: '', directory: '/hugepool/dist' })
