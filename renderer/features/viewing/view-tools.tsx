/** At the lower right of the map: views to come back to. */
import { Bookmarks } from './bookmarks.tsx'
import './viewing.css'

export function ViewTools({ file }: Readonly<{ file: string }>) {
  return (
    <div className="view-tools">
      <Bookmarks file={file} />
    </div>
  )
}
