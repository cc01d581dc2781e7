import { useNavigate, useRouter } from "@tanstack/react-router";

declare module "@tanstack/history" {
  interface HistoryState {
    /** The entry before this one is the same list without its side panel. */
    isOverList?: boolean;
  }
}

/**
 * Opens and closes the side panel of a list, whose URL holds the open row as `row`. Opening makes an entry of the browser's history, so
 * that Back leads to the list; another row takes the place of the one before. Closing goes back to the list, or, where the address was
 * entered with its row, leaves the row out.
 */
export function useOpenRow(): { openRow: (id: string) => void; closeRow: () => void } {
  const router = useRouter();
  const navigate = useNavigate();
  return {
    openRow: (id) => {
      const isOpen = "row" in router.state.location.search;
      void navigate({
        to: ".",
        search: (now) => ({ ...now, row: id, touch: undefined }),
        state: (now) => (isOpen ? now : { ...now, isOverList: true }),
        replace: isOpen,
        resetScroll: false,
      });
    },
    closeRow: () => {
      if (router.state.location.state.isOverList) {
        router.history.back();
        return;
      }
      void navigate({
        to: ".",
        search: (now) => ({ ...now, row: undefined, touch: undefined }),
        replace: true,
        resetScroll: false,
      });
    },
  };
}
