import t from 'tap'
import { usage } from '../src/errors.ts'

t.equal(usage('a').exitCode, 2)
