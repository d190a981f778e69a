import { readFileSync, writeFileSync } from 'node:fs'

/** The hash by which the loader finds the version of a symbol (the ELF specification). */
const hashOf = (name) => {
  let hash = 0
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0
    const top = (hash & 0xf0000000) >>> 0
    hash = ((hash ^ (top >>> 24)) & ~top) >>> 0
  }
  return hash
}

/** VER_FLG_WEAK, in the two bytes behind the hash: the loader goes on where a version is missing. */
const weak = 2

// The addon that the registry has was linked with newer libraries than Debian 12 has. Of their versions
// it needs what older-libraries.cc has too, which is loaded before it.
const [, , path] = process.argv
const addon = readFileSync(path)
for (const version of ['GLIBC_2.38', 'GLIBCXX_3.4.32']) {
  const hash = Buffer.alloc(4)
  hash.writeUInt32LE(hashOf(version))
  const at = addon.indexOf(hash)
  if (at >= 0) addon.writeUInt16LE(weak, at + 4)
}
writeFileSync(path, addon)
