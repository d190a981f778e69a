import { persist } from './persist-words.ts'

/** A process that can be killed, and fails where it fails. */
void persist(process.argv.slice(2))
