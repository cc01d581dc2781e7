import { useEffect, useEffectEvent, useState } from "react";

/**
 * The value once it has stayed the same for so many milliseconds: what is typed asks the server when the typing pauses.
 * For texts and plain objects; equal objects count as the same.
 */
export function useSettled<Value>(value: Value, pauseMs: number): Value {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  const settle = useEffectEvent((to: string) => setSettled((now) => (JSON.stringify(now) === to ? now : value)));
  useEffect(() => {
    const timer = setTimeout(() => settle(key), pauseMs);
    return () => clearTimeout(timer);
  }, [key, pauseMs]);
  return settled;
}
