/** `npm run build`: everything anew into out/. */
import { buildProject, partsInWords } from './build-project.ts'

console.log(`built: ${partsInWords(await buildProject({ force: !process.argv.includes('--if-needed') }))}`)
