import { Archive, Copy, Ellipsis, Pause, Trash2 } from "lucide-react";
import { useState } from "react";
import { Specimen, Specimens } from "#web/dev/sections/specimen.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Dialog, Sheet } from "#web/ui/dialog.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Popover } from "#web/ui/popover.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

type Open = "dialog" | "sheet" | "confirm" | "typed";

export function OverlaySection() {
  const [open, setOpen] = useState<Open>();
  const [name, setName] = useState("");
  const close = () => setOpen(undefined);
  return (
    <Specimens>
      <Specimen title="Dialogs" row>
        <Button onClick={() => setOpen("dialog")}>Dialog</Button>
        <Button onClick={() => setOpen("sheet")}>Sheet</Button>
        <Button onClick={() => setOpen("confirm")}>Confirm</Button>
        <Button onClick={() => setOpen("typed")}>Typed confirmation</Button>
      </Specimen>
      <Specimen title="Menus" row>
        <DropdownMenu
          trigger={<IconButton icon={Ellipsis} label="More actions" variant="secondary" />}
          sections={[
            {
              heading: "Sequence",
              items: [
                { label: "Duplicate", icon: Copy, keys: ["mod", "d"], onSelect: () => {} },
                { label: "Pause", icon: Pause, disabledReason: "It is not running", onSelect: () => {} },
                { label: "Archive", icon: Archive, onSelect: () => {} },
              ],
            },
            { items: [{ label: "Delete", icon: Trash2, danger: true, onSelect: () => {} }] },
          ]}
        />
        <Popover label="Delay" trigger={<Button>Popover</Button>} className="w-60 p-3">
          <Field label="Hours">{(control) => <Input {...control} value="12" onChange={() => {}} />}</Field>
        </Popover>
        <Tooltip content="Sends at 09:00 in the lead’s zone" keys={["mod", "enter"]}>
          <Button variant="ghost">Tooltip</Button>
        </Tooltip>
      </Specimen>
      <Dialog
        open={open === "dialog"}
        onOpenChange={close}
        title="Rename sequence"
        description="Only your team sees the name."
        actions={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" onClick={close}>
              Rename
            </Button>
          </>
        }
      >
        <Field label="Name">{(control) => <Input {...control} value={name} onChange={setName} />}</Field>
      </Dialog>
      <Sheet open={open === "sheet"} onOpenChange={close} title="Ana Banerjee" description="Northlight Studio">
        <p>The record of a row, over the list.</p>
      </Sheet>
      <ConfirmDialog
        open={open === "confirm"}
        onOpenChange={close}
        title="Cancel 312 enrolments?"
        consequences="312 people get nothing more from this sequence. What was sent stays on their timelines."
        action="Cancel 312 enrolments"
        onConfirm={close}
      />
      <ConfirmDialog
        open={open === "typed"}
        onOpenChange={close}
        title="Delete the workspace Harbor & Pine?"
        consequences="12,048 leads, 3 campaigns and every message go with it. This cannot be undone."
        action="Delete workspace"
        typeToConfirm="Harbor & Pine"
        onConfirm={close}
      />
    </Specimens>
  );
}
