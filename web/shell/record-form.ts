import { useEffect, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

/**
 * A form over a record that others may change: as long as nothing is unsaved it shows what somebody else saved, never over unsaved words.
 * `typed`, a function that stays the same, is what the form begins with. Answers the record that the unsaved words began from.
 */
export function useRecordForm<Row, Input extends FieldValues, Output extends FieldValues>(
  form: UseFormReturn<Input, unknown, Output>,
  record: Row,
  typed: (record: Row) => Input,
): Row {
  const { isDirty } = form.formState;
  const { reset } = form;
  useEffect(() => {
    if (!isDirty) reset(typed(record));
  }, [record, isDirty, reset, typed]);
  const [begun, setBegun] = useState(record);
  if (!isDirty && begun !== record) setBegun(record);
  return begun;
}
